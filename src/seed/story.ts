// The story that a fresh Stint tells: two months at Northwind, a small design and software agency in Berlin, and a little of Mara's own.

/** Who appears, and what they are in `northwind`. Mara owns both workspaces. */
export const people = [
  { email: 'mara@example.com', name: 'Mara Lindqvist', role: 'owner' },
  { email: 'noor@example.com', name: 'Noor Haddad', role: 'manager' },
  { email: 'teo@example.com', name: 'Teo Varga', role: 'member' },
  { email: 'vera@example.com', name: 'Vera Novak', role: 'viewer' },
] as const;
export type Email = (typeof people)[number]['email'];

/** Where it happens. */
export const timezone = 'Europe/Berlin';
export const workspaces = {
  northwind: { name: 'Northwind Studio', currency: 'EUR' },
  mara: { name: 'Mara Lindqvist', currency: 'EUR' },
} as const;

export const tags = [
  { name: 'design', color: 4 },
  { name: 'development', color: 9 },
  { name: 'meeting', color: 13 },
  { name: 'urgent', color: 1 },
] as const;

/** Clients with their projects, and the projects with their tasks. */
export const clients = [
  {
    name: 'Acme GmbH',
    currency: 'EUR',
    country: 'DE',
    language: 'de',
    tax: 'home',
    email: 'rechnung@acme.example',
    tax_id: 'DE987654321',
    address: { line1: 'Werkstraße 5', postal_code: '20095', city: 'Hamburg' },
    payment_terms_days: 14,
    projects: [
      {
        name: 'Website redesign',
        code: 'ACME-WEB',
        color: 4,
        rate: '110.00',
        tasks: [
          'Wireframes for the shop',
          'Design system',
          'Checkout flow',
          'Content migration',
          'Weekly call with Acme',
        ],
      },
      {
        name: 'Hosting and care',
        code: 'ACME-CARE',
        color: 11,
        rate: '85.00',
        tasks: ['Security updates', 'Backups and monitoring'],
      },
    ],
  },
  {
    name: 'Blue Heron Books',
    currency: 'GBP',
    country: 'GB',
    tax: 'abroad',
    address: { line1: '14 Mill Lane', postal_code: 'CB1 2AB', city: 'Cambridge' },
    email: 'accounts@blueheron.example',
    payment_terms_days: 30,
    projects: [
      {
        name: 'Audiobook app',
        code: 'BHB-APP',
        color: 7,
        rate: '95.00',
        tasks: ['Player screen', 'Offline downloads', 'Accessibility review', 'Store listing'],
      },
    ],
  },
  {
    name: 'Kestrel Robotics',
    currency: 'USD',
    country: 'US',
    tax: 'abroad',
    address: { line1: '200 Harbor Street', postal_code: '02110', city: 'Boston', region: 'MA' },
    email: 'ap@kestrel.example',
    payment_terms_days: 30,
    projects: [
      {
        name: 'Brand sprint',
        code: 'KES-BRAND',
        color: 2,
        rate: '140.00',
        tasks: ['Naming workshop', 'Logo directions'],
      },
    ],
  },
] as const;

/** What is known of some tasks: how long they should take, their tags, the first note in their log. */
export const aboutTasks: Record<string, { estimate_seconds?: number; tags?: string[]; note?: string }> = {
  'Wireframes for the shop': { estimate_seconds: 60 * 3600, tags: ['design'] },
  'Design system': {
    estimate_seconds: 120 * 3600,
    tags: ['design'],
    note: 'Acme wants the tokens as CSS variables; Teo takes them over once the buttons are done.',
  },
  'Checkout flow': {
    estimate_seconds: 100 * 3600,
    tags: ['development', 'urgent'],
    note: 'Payment provider changed on Acme’s side: card first, then invoice.',
  },
  'Content migration': { estimate_seconds: 24 * 3600, tags: ['development'] },
  'Weekly call with Acme': { tags: ['meeting'] },
  'Security updates': { tags: ['development'] },
  'Player screen': { estimate_seconds: 80 * 3600, tags: ['design'] },
  'Offline downloads': { estimate_seconds: 90 * 3600, tags: ['development'] },
  'Accessibility review': {
    estimate_seconds: 30 * 3600,
    note: 'Screen readers first: VoiceOver and TalkBack.',
  },
  'Naming workshop': { tags: ['meeting'], note: 'Three rounds, the last one on site.' },
};

/** Work that no client pays for. */
export const ownProjects = [
  { name: 'Studio', color: 15, billing: 'non_billable', tasks: ['Planning', 'Bookkeeping', 'Learning'] },
] as const;

/** Who works on what: the tasks a person's days are made of, most of the time first. */
export const days: Record<Exclude<Email, 'vera@example.com'>, readonly string[]> = {
  'mara@example.com': [
    'Weekly call with Acme',
    'Naming workshop',
    'Planning',
    'Logo directions',
    'Bookkeeping',
  ],
  'noor@example.com': [
    'Design system',
    'Wireframes for the shop',
    'Player screen',
    'Accessibility review',
    'Planning',
  ],
  'teo@example.com': [
    'Checkout flow',
    'Offline downloads',
    'Security updates',
    'Content migration',
    'Learning',
  ],
};

/** What a stretch of work was about, in the words of whoever did it. */
export const notes: Record<string, readonly string[]> = {
  'Weekly call with Acme': ['Status and next steps', 'Call: launch date', 'Call: change requests'],
  'Design system': ['Buttons and forms', 'Colour tokens', 'Type scale', 'Handover to Teo'],
  'Wireframes for the shop': ['Category page', 'Product page', 'Second round after feedback'],
  'Checkout flow': ['Address form', 'Payment step', 'Fixing the basket on phones', 'Tests'],
  'Offline downloads': ['Queue', 'Storage limits', 'Resuming after a break'],
  'Security updates': ['Monthly updates', 'Dependency audit'],
  'Player screen': ['Chapter list', 'Sleep timer', 'Speed control'],
};

/** What Mara tracks for herself. */
export const own = {
  projects: [
    { name: 'Garden book', color: 6, billing: 'non_billable', tasks: ['Chapter four', 'Photographs'] },
  ],
  client: {
    name: 'Ines Castell',
    currency: 'EUR',
    country: 'DE',
    email: 'ines@castell.example',
    projects: [{ name: 'Mentoring', color: 10, rate: '60.00', tasks: ['Session with Ines'] }],
  },
  tasks: ['Chapter four', 'Photographs', 'Session with Ines'],
} as const;
