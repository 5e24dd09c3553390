import type { Actor } from './actor.ts';

/** In what capacity somebody calls: their role, and the credential they use. What was answered to one is not for another. */
export const capacityOf = ({ membership, via }: Actor): string =>
  [membership.role, via.kind, via.id ?? ''].join(' ');
