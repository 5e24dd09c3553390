import type { Transaction } from '#database/database.ts';
import { existsOn, isScope, readScopeOf, type Scope, scopeNames } from '#operation/scopes.ts';
import { type Id, newId } from '#values/id.ts';
import { refusal } from '#values/refusal.ts';
import { hashSecret, newSecret, secretPrefixes } from './secrets.ts';

export const scopesNotOffered = refusal<{ scopes: string[] }>(
  'scopes_not_offered',
  'invalid',
  'An API token can have fine-grained scopes only, at least one beside mcp, and those of the list.',
  ({ scopes }) =>
    scopes.length === 0
      ? 'Choose at least one permission.'
      : `An API token cannot have the scope${scopes.length === 1 ? '' : 's'} ${scopes.join(', ')}. It takes fine-grained scopes like time:read; tokens:read and tokens:write only for the API.`,
);
export const readScopeMissing = refusal<{ scopes: string[]; missing: string[] }>(
  'read_scope_missing',
  'invalid',
  'A scope that changes something is valid only together with the scope that reads it.',
  ({ scopes, missing }) => `${scopes.join(', ')} can only be given together with ${missing.join(', ')}.`,
);

/**
 * The scopes of a new API token, in their order: fine-grained ones only, `x:write` only with `x:read`; `mcp` is always added for the
 * MCP resource and dropped for the API, where it means nothing.
 */
export const tokenScopes = (chosen: readonly string[], resource: 'mcp' | 'api'): Scope[] => {
  const unknown = chosen.filter((name) => !isScope(name) || (name !== 'mcp' && !existsOn(resource, name)));
  if (unknown.length > 0) throw scopesNotOffered({ scopes: unknown }, 'scopes');
  const all = new Set<Scope>(chosen.filter(isScope).filter((scope) => scope !== 'mcp'));
  if (all.size === 0) throw scopesNotOffered({ scopes: [] }, 'scopes');
  const alone = [...all].filter((scope) => {
    const read = readScopeOf(scope);
    return read !== null && !all.has(read);
  });
  if (alone.length > 0) {
    const missing = [...new Set(alone.map((scope) => readScopeOf(scope)!))];
    throw readScopeMissing({ scopes: alone, missing }, 'scopes');
  }
  if (resource === 'mcp') all.add('mcp');
  return scopeNames.filter((scope) => all.has(scope));
};

/** Writes a new API token into the workspace of the transaction, and gives its secret, which is nowhere else. */
export const issueApiToken = async (
  tx: Transaction,
  token: {
    userId: Id<'usr'>;
    name: string;
    resource: 'mcp' | 'api';
    scopes: readonly Scope[];
    expiresAt: Temporal.Instant | null;
  },
  now: Temporal.Instant,
): Promise<{ id: Id<'tok'>; secret: string }> => {
  const id = newId('tok', now);
  const secret = newSecret(secretPrefixes.apiToken);
  await tx
    .insertInto('api_tokens')
    .values({
      id,
      hash: hashSecret(secret),
      last4: secret.slice(-4),
      user_id: token.userId,
      name: token.name,
      resource: token.resource,
      scopes: [...token.scopes],
      created_at: now,
      expires_at: token.expiresAt,
    })
    .execute();
  return { id, secret };
};
