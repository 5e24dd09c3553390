import { type Actor, type Role, roles, workspaceSettings } from '#operation/actor.ts';
import { obstacle } from '#operation/obstacle.ts';
import type { Operation } from '#operation/operation.ts';
import { type Plan, plans } from '#operation/plans.ts';
import { type CoarseScope, type Scope, scopeNames } from '#operation/scopes.ts';

/** Any instant: nothing here depends on when. */
const now = Temporal.Instant.from('2026-01-05T09:00:00Z');

/** Somebody of a role with these scopes, in a workspace on a plan; there is no row behind it. Without an umbrella, an AI tool acts for them. */
export const imaginedActor = (
  role: Role,
  {
    plan = 'business',
    scopes = scopeNames,
    coarse = 'stint:admin',
  }: { plan?: Plan; scopes?: readonly Scope[]; coarse?: CoarseScope | null } = {},
): Actor => ({
  user: {
    id: 'usr_00000000000000000000000000',
    name: 'Somebody',
    email: 'somebody@example.com',
    timezone: 'UTC',
    locale: 'en',
    week_start: 1,
    duration_format: 'h:mm',
  },
  workspace: {
    id: 'wsp_00000000000000000000000000',
    slug: 'somewhere',
    name: 'Somewhere',
    currency: 'EUR',
    timezone: 'UTC',
    week_start: 1,
    locale: 'en',
    plan,
    billing_state: 'active',
    past_due_since: null,
    mcp_enabled: true,
    lock_date: null,
    settings: workspaceSettings({}),
    entitlements: plans[plan],
  },
  membership: { id: 'mem_00000000000000000000000000', role },
  via: {
    kind: coarse === null ? 'grant' : 'session',
    id: null,
    name: null,
    resource: coarse === null ? 'mcp' : 'app',
    scopes: new Set(scopes),
    coarse,
  },
});

/** Which role may call which operation, by asking `obstacle`, as the calls themselves do. */
export const permissionMatrix = (operations: readonly Operation[]): [Operation, Record<Role, boolean>][] =>
  operations.map((operation) => [
    operation,
    Object.fromEntries(
      roles.map((role) => [role, obstacle(imaginedActor(role), operation, now) === null]),
    ) as Record<Role, boolean>,
  ]);
