import { sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import { type BillingState, entitlementNames, type Entitlements, type Plan } from '#operation/plans.ts';
import { type Id, newId } from '#values/id.ts';
import { refusal, validationFailed } from '#values/refusal.ts';
import { auditIn, type Author, type IdentityHouse } from './author.ts';
import { readCurrency, readName, readSlug, readTimezone } from './read-fields.ts';

export const noSuchWorkspace = refusal<{ workspace: string }>(
  'no_such_workspace',
  'not_found',
  'The operator named a workspace that does not exist.',
  ({ workspace }) => `There is no workspace "${workspace}". Give its slug or its id.`,
);

export const slugTaken = refusal<{ slug: string }>(
  'slug_taken',
  'conflict',
  'The operator named a new workspace as another one is named.',
  ({ slug }) => `There is a workspace "${slug}" already. Give another slug, or none.`,
);

/** A workspace by its slug or its id. */
export const findWorkspace = async (tx: Transaction, slugOrId: string) => {
  const row = await tx
    .selectFrom('workspaces')
    .selectAll()
    .where((where) => where.or([where('slug', '=', slugOrId), where('id', '=', slugOrId as Id<'wsp'>)]))
    .executeTakeFirst();
  if (row === undefined) throw noSuchWorkspace({ workspace: slugOrId });
  return row;
};

const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '') || 'workspace';

/** A slug that is free: the name's own, else with a number. */
const freeSlug = async (tx: Transaction, name: string): Promise<string> => {
  const wanted = slugOf(name);
  const { rows } = await sql<{ slug: string }>`
    select slug from workspaces where slug = ${wanted} or slug ~ ${`^${wanted}-[0-9]+$`}`.execute(tx);
  const taken = new Set(rows.map(({ slug }) => slug));
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) if (!taken.has(`${wanted}-${number}`)) return `${wanted}-${number}`;
};

export interface NewWorkspace {
  name: string;
  ownerId: Id<'usr'>;
  /** Free when left out. */
  slug?: string;
  plan?: Plan;
  currency?: string;
  timezone?: string;
  weekStart?: 0 | 1 | 6;
}

/**
 * Makes a workspace and its owner's membership inside a transaction above the workspaces.
 * Throws `validation_failed` for a name, slug, currency or time zone that is none, and `slug_taken`.
 */
export const insertWorkspace = async (
  tx: Transaction,
  now: Temporal.Instant,
  workspace: NewWorkspace,
  by: Author,
): Promise<{ id: Id<'wsp'>; slug: string; membershipId: Id<'mem'> }> => {
  const id = newId('wsp', now);
  const membershipId = newId('mem', now);
  const { plan = 'business', weekStart = 1 } = workspace;
  const currency = readCurrency(workspace.currency ?? 'EUR');
  const name = readName(workspace.name);
  const timezone = readTimezone(workspace.timezone ?? 'UTC');
  const wanted = workspace.slug === undefined ? null : readSlug(workspace.slug);
  let slug: string | undefined;
  // Somebody else may take a free one in this moment; then the next one is free.
  while (slug === undefined) {
    const row = { id, slug: wanted ?? (await freeSlug(tx, name)), name, plan, currency, timezone };
    const made = await tx
      .insertInto('workspaces')
      .values({ ...row, week_start: weekStart })
      .onConflict((conflict) => conflict.column('slug').doNothing())
      .returning('slug')
      .executeTakeFirst();
    if (made === undefined && wanted !== null) throw slugTaken({ slug: wanted }, 'slug');
    slug = made?.slug;
  }
  await tx
    .insertInto('memberships')
    .values({ id: membershipId, workspace_id: id, user_id: workspace.ownerId, role: 'owner' })
    .execute();
  const after = { name, slug, plan, currency, timezone, owner_id: workspace.ownerId };
  await auditIn(tx, now, id, by, { action: 'workspace.create', entityId: id, after });
  return { id, slug, membershipId };
};

/** Makes a workspace that `ownerId` owns. */
export const createWorkspace = (house: IdentityHouse, workspace: NewWorkspace, by: Author) => {
  const now = house.clock();
  return house.database.aboveWorkspaces(now, (tx) => insertWorkspace(tx, now, workspace, by));
};

type Row = Awaited<ReturnType<typeof findWorkspace>>;

/** One change to a workspace with its audit entry; `set` gives the new columns, which are also what the entry shows. */
const change = (
  house: IdentityHouse,
  slugOrId: string,
  action: string,
  by: Author,
  set: (row: Row, now: Temporal.Instant) => Partial<Row>,
): Promise<void> => {
  const now = house.clock();
  return house.database.aboveWorkspaces(now, async (tx) => {
    const row = await findWorkspace(tx, slugOrId);
    const after = set(row, now);
    const before = Object.fromEntries(Object.keys(after).map((key) => [key, row[key as keyof Row]]));
    await tx
      .updateTable('workspaces')
      .set(after as object)
      .where('id', '=', row.id)
      .execute();
    await auditIn(tx, now, row.id, by, { action, entityId: row.id, before, after });
  });
};

/** Changes the plan; what it takes away stops on the next request, and comes back with the plan. */
export const setPlan = (house: IdentityHouse, slugOrId: string, plan: Plan, by: Author) =>
  change(house, slugOrId, 'workspace.plan', by, () => ({ plan }));

/** Changes the billing state. `past_due` starts 14 days of grace, unless they run already. */
export const setBillingState = (house: IdentityHouse, slugOrId: string, state: BillingState, by: Author) =>
  change(house, slugOrId, 'workspace.billing', by, (row, now) => ({
    billing_state: state,
    past_due_since: state === 'past_due' ? (row.past_due_since ?? now) : null,
  }));

/** Suspends or closes a workspace, or makes it active again. */
export const setStatus = (
  house: IdentityHouse,
  slugOrId: string,
  status: 'active' | 'suspended' | 'closed',
  by: Author,
) => change(house, slugOrId, 'workspace.status', by, () => ({ status }));

/** Switches a feature of a workspace. */
export const setFeature = (house: IdentityHouse, slugOrId: string, feature: 'mcp', on: boolean, by: Author) =>
  change(house, slugOrId, `workspace.feature.${feature}`, by, () => ({ mcp_enabled: on }));

/** Grants or takes away one entitlement whatever the plan says; null goes back to the plan. */
export const setEntitlement = <Key extends keyof Entitlements>(
  house: IdentityHouse,
  slugOrId: string,
  key: Key,
  value: Entitlements[Key] | null,
  by: Author,
): Promise<void> => {
  const now = house.clock();
  const fits =
    value === null ||
    (key === 'members_limit' ? Number.isInteger(value) && Number(value) > 0 : typeof value === 'boolean');
  if (!entitlementNames.includes(key) || !fits) {
    throw validationFailed(
      {
        message: `An entitlement is one of ${entitlementNames.join(', ')}; members_limit is a number, the others are on or off.`,
      },
      'entitlement',
    );
  }
  return house.database.aboveWorkspaces(now, async (tx) => {
    const { id } = await findWorkspace(tx, slugOrId);
    const old = await tx
      .deleteFrom('workspace_entitlement_overrides')
      .where('workspace_id', '=', id)
      .where('key', '=', key)
      .returning('value')
      .executeTakeFirst();
    if (value !== null) {
      await tx
        .insertInto('workspace_entitlement_overrides')
        .values({ workspace_id: id, key, value: JSON.stringify(value) })
        .execute();
    }
    await auditIn(tx, now, id, by, {
      action: 'workspace.entitlement',
      entityId: id,
      before: { [key]: old?.value ?? null },
      after: { [key]: value },
    });
  });
};
