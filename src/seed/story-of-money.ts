// What the story says of money. Every number, address and account in it is made up, or the one that everybody uses in examples.

/** The taxes of Northwind: at home, to businesses in the Union, to businesses elsewhere. */
export const taxes = {
  home: { name: 'VAT 19 %', percent: '19', category: 'S', country: 'DE' },
  // Its words follow from the code, in the language of each document.
  union: {
    name: 'Reverse charge',
    percent: '0',
    category: 'AE',
    exemption_code: 'VATEX-EU-AE',
  },
  abroad: {
    name: 'Not taxable in Germany',
    percent: '0',
    category: 'O',
    exemption_reason: 'Supplied where the customer is established, § 3a (2) UStG',
    exemption_code: 'VATEX-EU-O',
  },
} as const;
export type Tax = keyof typeof taxes;

/** What stands on the invoices of Northwind. */
export const supplier = {
  legal_name: 'Northwind Studio GmbH',
  address: { line1: 'Lindenallee 12', postal_code: '10115', city: 'Berlin' },
  country: 'DE',
  tax_id: 'DE123456789',
  registration: 'Amtsgericht Charlottenburg, HRB 000000 B',
  email: 'billing@northwind.example',
  phone: '+49 30 000000',
  website: 'https://northwind.example',
  iban: 'DE89 3704 0044 0532 0130 00',
  bic: 'COBADEFFXXX',
  accent_color: '#1a7f64',
} as const;

/** Time is billed by the quarter of an hour, each day and project rounded once. */
export const rounding = { mode: 'up', increment_seconds: 900, grace_seconds: 240, scope: 'day' } as const;

/** What an hour is billed at where nothing else is said, and what it costs. */
export const usualRate = '90.00';
export const costs = {
  'mara@example.com': '68.00',
  'noor@example.com': '54.00',
  'teo@example.com': '49.00',
} as const;

export const rule = {
  name: 'Calls are meetings',
  when: { all: [{ field: 'text', op: 'contains', value: 'call' }] },
  then: [{ add_tag: 'meeting' }],
} as const;

/** The client whose care plan comes round every month. */
export const retainer = {
  client: {
    name: 'Atelier Lumen',
    currency: 'EUR',
    country: 'FR',
    language: 'fr',
    email: 'compta@lumen.example',
    tax_id: 'FR12345678901',
    payment_terms_days: 14,
    address: { line1: '8 rue des Tanneurs', postal_code: '69001', city: 'Lyon' },
  },
  name: 'Forfait maintenance',
  line: {
    description: 'Forfait maintenance, par mois',
    details: 'Mises à jour, sauvegardes, deux heures d’assistance',
    quantity: '1',
    unit_price: '450.00',
  },
} as const;

/** Mara on her own charges no VAT. */
export const ownTax = {
  name: 'No VAT (small business)',
  percent: '0',
  category: 'E',
  country: 'DE',
  exemption_reason: 'No VAT is charged, § 19 UStG',
} as const;
export const ownSupplier = {
  address: { line1: 'Gartenweg 3', postal_code: '10437', city: 'Berlin' },
  country: 'DE',
  email: 'mara@example.com',
  iban: 'DE89 3704 0044 0532 0130 00',
} as const;
