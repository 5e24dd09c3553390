import { type Role, roleCovers } from '#operation/actor.ts';
import type { Operation } from '#operation/operation.ts';
import { isScope, type Scope } from '#operation/scopes.ts';

/**
 * The lowest role that a permission is of any use to: that of the least demanding operation which asks for it. A permission that no
 * operation asks for is of use to everybody.
 */
export const rolesByScope = (operations: readonly Operation[]): ReadonlyMap<Scope, Role> => {
  const lowest = new Map<Scope, Role>();
  const note = (scope: Scope, role: Role) => {
    const known = lowest.get(scope);
    if (known === undefined || roleCovers(known, role)) lowest.set(scope, role);
  };
  for (const { needs, guards } of operations) {
    for (const scope of [...needs.scopes, ...(needs.anyScope ?? [])]) note(scope, needs.role);
    for (const { sight } of guards) if (isScope(sight)) note(sight, needs.role);
  }
  return lowest;
};
