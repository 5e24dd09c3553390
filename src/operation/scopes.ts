/** A fine-grained permission; `mcp` opens the MCP resource itself. */
export interface ScopeDefinition {
  /** What a person reads at consent, after "May". */
  readonly words: string;
  /** `safe` ones are advertised and ticked when an umbrella was asked for; `named` ones only when asked for by name. */
  readonly offer: 'safe' | 'named';
  /** The one resource that it exists on, where it is not both: what opens the way to other credentials is never an AI tool's. */
  readonly only?: 'mcp' | 'api';
}

/** Every fine-grained scope, in the order people read them. */
export const scopes = {
  mcp: { words: 'connect as an AI tool', offer: 'safe', only: 'mcp' },
  'profile:read': { words: 'see your name, e-mail address and time zone', offer: 'safe' },
  'tasks:read': { words: 'see tasks and their notes', offer: 'safe' },
  'tasks:write': { words: 'create, change and delete tasks', offer: 'safe' },
  'time:read': { words: 'see time entries and timers', offer: 'safe' },
  'time:write': { words: 'start and stop timers, log, change and delete time', offer: 'safe' },
  'clients:read': { words: 'see clients', offer: 'safe' },
  'clients:write': { words: 'create, change and delete clients', offer: 'safe' },
  'projects:read': { words: 'see projects', offer: 'safe' },
  'projects:write': { words: 'create, change and delete projects', offer: 'safe' },
  'tags:read': { words: 'see tags', offer: 'safe' },
  'tags:write': { words: 'create, change and delete tags', offer: 'safe' },
  'rules:read': { words: 'see automation rules', offer: 'safe' },
  'rules:write': { words: 'create, change and delete automation rules', offer: 'safe' },
  'invoices:read': { words: 'see invoices and payments', offer: 'safe' },
  'invoices:write': { words: 'draft and change invoices, record payments', offer: 'safe' },
  'invoices:send': { words: 'e-mail your clients: invoices, reminders and receipts', offer: 'named' },
  'reports:read': { words: 'run reports', offer: 'safe' },
  'billing:read': { words: 'see what can be billed and what is owed', offer: 'safe' },
  'workspace:read': { words: 'see the workspace and its plan', offer: 'safe' },
  'members:read': { words: 'see who works here', offer: 'safe' },
  'members:write': { words: 'invite people, change roles, deactivate members', offer: 'named' },
  'timesheets:read': { words: 'see timesheets', offer: 'safe' },
  'timesheets:write': { words: 'submit and recall your timesheets', offer: 'safe' },
  'timesheets:approve': { words: 'approve and reject timesheets', offer: 'named' },
  'expenses:read': { words: 'see expenses and receipts', offer: 'safe' },
  'expenses:write': { words: 'create, change and delete expenses', offer: 'safe' },
  'expenses:approve': { words: 'approve, reject and reimburse expenses', offer: 'named' },
  'rates:read': { words: 'see rates', offer: 'safe' },
  'rates:write': { words: 'set rates', offer: 'named' },
  'notifications:read': { words: 'see your notifications', offer: 'safe' },
  'notifications:write': { words: 'mark notifications as read', offer: 'safe' },
  'audit:read': { words: 'read the audit log', offer: 'named' },
  'data:export': { words: 'export the workspace’s data', offer: 'named' },
  'data:import': { words: 'import data into the workspace', offer: 'named' },
  'tokens:read': { words: 'see your connected apps and API tokens', offer: 'named', only: 'api' },
  'tokens:write': { words: 'disconnect apps and revoke API tokens', offer: 'named', only: 'api' },
} as const satisfies Record<string, ScopeDefinition>;

export type Scope = keyof typeof scopes;
export const scopeNames = Object.keys(scopes) as Scope[];
export const isScope = (name: string): name is Scope => Object.hasOwn(scopes, name);

/** Whether a scope exists on a resource. */
export const existsOn = (resource: 'mcp' | 'api', scope: Scope): boolean => {
  const { only }: ScopeDefinition = scopes[scope];
  return only === undefined || only === resource;
};

/** The umbrellas, for clients that ask for one scope. Each contains the one before. `invoices:send` is in none of them. */
export const coarseScopes = {
  'stint:read': { words: 'read everything you can see' },
  'stint:write': { words: 'read and change everything you can' },
  'stint:admin': { words: 'administer the workspace as far as your role allows' },
} as const;
export type CoarseScope = keyof typeof coarseScopes;
export const isCoarseScope = (name: string): name is CoarseScope => Object.hasOwn(coarseScopes, name);

const coarseRank: Record<CoarseScope, number> = { 'stint:read': 1, 'stint:write': 2, 'stint:admin': 3 };
/** Whether `held` contains `wanted`. */
export const coarseCovers = (held: CoarseScope | null, wanted: CoarseScope): boolean =>
  held !== null && coarseRank[held] >= coarseRank[wanted];

const inRead = scopeNames.filter(
  (scope) =>
    existsOn('mcp', scope) && (scope === 'mcp' || (scope.endsWith(':read') && scope !== 'audit:read')),
);
const inWrite = scopeNames.filter(
  (scope) =>
    inRead.includes(scope) ||
    (existsOn('mcp', scope) &&
      scope.endsWith(':write') &&
      scope !== 'members:write' &&
      scope !== 'rates:write'),
);
const inAdmin = scopeNames.filter((scope) => existsOn('mcp', scope) && scope !== 'invoices:send');

/** The fine scopes that an umbrella stands for. */
export const expand = (coarse: CoarseScope): readonly Scope[] =>
  coarse === 'stint:read' ? inRead : coarse === 'stint:write' ? inWrite : inAdmin;

/** The read scope without which a write, approve or send scope is void, or null. `data:*` and `mcp` stand alone. */
export const readScopeOf = (scope: Scope): Scope | null => {
  const read = `${scope.split(':')[0]}:read`;
  return read !== scope && isScope(read) ? read : null;
};

/** The set with every missing read scope added: what the consent screen ticks. */
export const withReadScopes = (chosen: Iterable<Scope>): Scope[] => {
  const all = new Set(chosen);
  for (const scope of [...all]) {
    const read = readScopeOf(scope);
    if (read !== null) all.add(read);
  }
  return scopeNames.filter((scope) => all.has(scope));
};

/** What the authorization server's metadata advertises: some clients ask for the whole list, so nothing dangerous is in it. */
export const advertisedScopes = (): string[] => [
  'mcp',
  'stint:read',
  'stint:write',
  ...scopeNames.filter((scope) => scope !== 'mcp' && scopes[scope].offer === 'safe'),
];
