import type { Actor } from './actor.ts';
import { insufficientScope, requiredScopes } from './obstacle.ts';
import type { Scope } from './scopes.ts';

/** Which of these scopes, and of those to read that they rest on, a connection does not have. */
export const lackingScopes = ({ via }: Actor, scopes: readonly Scope[]): Scope[] =>
  requiredScopes({ needs: { scopes } }).filter((scope) => !via.scopes.has(scope));

/**
 * Refuses `insufficient_scope` where a call asks for more than its operation needs, by an argument or by what it would change: an operation
 * that calls it declares that refusal.
 */
export const refuseWithout = (
  actor: Actor,
  scopes: readonly Scope[],
  operation: string,
  field?: string,
): void => {
  const missing = lackingScopes(actor, scopes);
  if (missing.length > 0)
    throw insufficientScope({ operation, missing, required: requiredScopes({ needs: { scopes } }) }, field);
};
