import type { ScopeChallenge } from '@modelcontextprotocol/server';
import type { Via } from '#operation/actor.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import type { Refusal } from '#values/refusal.ts';
import { quotable } from '#doors/common/bearer.ts';

/** What the refusal of a missing scope says. */
interface Missing {
  readonly operation: string;
  readonly missing: readonly string[];
  readonly required: readonly string[];
}

const missingOf = (refusal: Refusal | null): Missing | null =>
  refusal?.definition === insufficientScope ? (refusal.details as Missing) : null;

/**
 * Clients that end in a dead alley on a 403: Codex shows two words, Gemini CLI registers anew, OpenCode refreshes and gives up. They
 * are told inside the tool result instead, with a link.
 */
const cannotStepUp = (via: Via): boolean => /\b(codex|gemini|open ?code)\b/i.test(via.name ?? '');

/**
 * The HTTP challenge for a call that lacks a scope: for OAuth connections whose client can ask the person for more. All scopes that the
 * operation needs at once, and `mcp`, without which the new token would not open this door.
 */
export const scopeChallengeFor = (via: Via, refusal: Refusal | null): ScopeChallenge | undefined => {
  const missing = missingOf(refusal);
  if (missing === null || via.kind !== 'grant' || cannotStepUp(via)) return undefined;
  return {
    scopes: ['mcp', ...missing.required.filter((scope) => scope !== 'mcp')],
    errorDescription: quotable(
      `${missing.operation} needs ${missing.missing.join(', ')}, which this connection was not given.`,
    ),
  };
};

/** Where the person adds what is missing, for connections that are told so in a tool result; null where there is no such page. */
export const addPermissionUrl = (publicUrl: string, via: Via, refusal: Refusal): string | null => {
  const missing = missingOf(refusal);
  if (missing === null || via.kind !== 'grant') return null;
  const asks = new URLSearchParams({ add: missing.missing.join(' '), connection: via.id ?? '' });
  return `${publicUrl}/account/integrations?${asks.toString()}`;
};
