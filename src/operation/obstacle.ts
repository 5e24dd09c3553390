import { type Refusal, refusal } from '#values/refusal.ts';
import { type Actor, type Role, roleCovers } from './actor.ts';
import type { Needs, Operation } from './operation.ts';
import { allowsChanges, type Entitlement } from './plans.ts';
import { coarseCovers, isCoarseScope, readScopeOf, type Scope } from './scopes.ts';

/** The only obstacle that the client can cure: by asking the person for more. */
export const insufficientScope = refusal<{ operation: string; missing: string[]; required: string[] }>(
  'insufficient_scope',
  'denied',
  'The connection was not given this permission; the person can add it. An API token keeps what it was made with.',
  ({ operation, missing }) => {
    const token = missing.some(isCoarseScope)
      ? 'No API token can have it, only an app that signs in.'
      : 'An API token keeps what it has: make another one with it under API tokens in Stint.';
    return `${operation} needs a permission that this connection does not have: ${missing.join(', ')}. Ask the user to add it under Integrations in Stint, or to connect again and tick it. ${token}`;
  },
  { fixTool: 'workspace.capabilities' },
);
export const roleTooLow = refusal<{ operation: string; role: Role; requires: Role }>(
  'role_too_low',
  'denied',
  'The person’s role in this workspace does not allow it.',
  () => 'Access denied',
  { fixTool: 'workspace.capabilities' },
);
export const entitlementRequired = refusal<{ entitlement: Entitlement; plan: string }>(
  'entitlement_required',
  'denied',
  'The workspace’s plan does not include this.',
  ({ entitlement, plan }) =>
    `The plan of this workspace (${plan}) does not include ${entitlement}. Whoever runs this Stint can change the plan.`,
);
export const workspaceReadOnly = refusal<{ billing_state: string }>(
  'workspace_read_only',
  'denied',
  'The workspace is read-only because of its billing state: reading works, changes do not.',
  ({ billing_state }) =>
    `This workspace is read-only (billing state: ${billing_state}). Reading works; whoever runs this Stint can set the billing state so that changes do too.`,
);

/** Every scope that calling `operation` takes: its own and the read scopes they rest on. */
export const requiredScopes = ({ needs }: { needs: Pick<Needs, 'scopes'> }): Scope[] => {
  const all = new Set(needs.scopes);
  for (const scope of needs.scopes) {
    const read = readScopeOf(scope);
    if (read !== null) all.add(read);
  }
  return [...all];
};

const missingScopes = (actor: Actor, operation: Operation): string[] => {
  const { scopes, coarse } = actor.via;
  const missing: string[] = requiredScopes(operation).filter((scope) => !scopes.has(scope));
  const { anyScope, coarse: wanted } = operation.needs;
  if (anyScope !== undefined && !anyScope.some((scope) => scopes.has(scope)))
    missing.push(...anyScope.slice(0, 1));
  if (wanted !== undefined && actor.via.resource !== 'app' && !coarseCovers(coarse, wanted))
    missing.push(wanted);
  return missing;
};

/** What stands between an actor and an operation; the refusal is made when it is asked for. */
export type Hindrance = () => Refusal;

/**
 * As `obstacle`, for lists that ask about every operation and show no refusal: making one that nobody reads costs more than the
 * question.
 */
export const hindrance = (actor: Actor, operation: Operation, now: Temporal.Instant): Hindrance | null => {
  const { name, needs, effect } = operation;
  const missing = missingScopes(actor, operation);
  if (missing.length > 0) {
    const required = [...requiredScopes(operation), ...(needs.coarse === undefined ? [] : [needs.coarse])];
    return () =>
      insufficientScope({
        operation: name,
        missing,
        required: required.length > 0 ? required : missing,
      });
  }
  const { role } = actor.membership;
  if (!roleCovers(role, needs.role)) return () => roleTooLow({ operation: name, role, requires: needs.role });
  const { plan, billing_state, past_due_since, entitlements } = actor.workspace;
  const { entitlement } = needs;
  if (entitlement !== undefined && !entitlements[entitlement]) {
    return () => entitlementRequired({ entitlement, plan });
  }
  const mayWrite =
    effect === 'read' ||
    needs.evenReadOnly === true ||
    entitlement === 'exports' ||
    allowsChanges(billing_state, past_due_since, now);
  return mayWrite ? null : () => workspaceReadOnly({ billing_state });
};

/**
 * The one question about leave: what stands between this actor and this operation, or null. Asked by the tool list, the call, the
 * capabilities and the permission matrix alike, in the order scope → role → plan → billing.
 */
export const obstacle = (actor: Actor, operation: Operation, now: Temporal.Instant): Refusal | null =>
  hindrance(actor, operation, now)?.() ?? null;
