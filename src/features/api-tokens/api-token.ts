import { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import type { Actor } from '#operation/actor.ts';
import { type Scope, scopeNames } from '#operation/scopes.ts';
import { type Id, idSchema } from '#values/id.ts';
import { notFound, refusal } from '#values/refusal.ts';

export const apiTokenId = idSchema('tok');
const instant = z.iso.datetime();

/** An API token as every door shows it; the token itself is shown once, when it is made. */
export const apiTokenView = z.object({
  id: apiTokenId,
  name: z.string().describe('What its owner calls it.'),
  resource: z.enum(['mcp', 'api']).describe('mcp: for AI tools; api: for the REST API.'),
  scopes: z.array(z.string()).describe('What it may do.'),
  last4: z.string().describe('Its last four characters, to recognise it by.'),
  status: z.enum(['active', 'expired', 'revoked']).describe('Whether it can be used.'),
  created_at: instant.describe('When it was made.'),
  expires_at: instant.nullable().describe('When it stops working; null for never.'),
  last_used_at: instant.nullable().describe('Its last request.'),
  revoked_at: instant.nullable().describe('When it was revoked.'),
});

export const apiTokenScopes = z
  .array(z.enum(scopeNames as [Scope, ...Scope[]]))
  .describe('Fine-grained scopes. Each to write, send or approve only together with the one to read.');

export const onlyInPerson = refusal(
  'only_in_person',
  'denied',
  'API tokens are made and revoked by the person, signed in; no app or token can do it.',
  () => 'Only the person can do this, signed in to Stint under API tokens; no app or API token can.',
);

/** Refuses apps and tokens: a credential must not be able to make or end another. */
export const requirePerson = (actor: Actor): void => {
  if (actor.via.kind === 'grant' || actor.via.kind === 'token') throw onlyInPerson({});
};

/** The actor's own API tokens in this workspace; never a hash. */
export const ownTokens = (tx: Transaction, actor: Actor) =>
  tx
    .selectFrom('api_tokens')
    .select([
      'id',
      'name',
      'resource',
      'scopes',
      'last4',
      'created_at',
      'expires_at',
      'last_used_at',
      'revoked_at',
    ])
    .where('user_id', '=', actor.user.id);
type Row = Awaited<ReturnType<ReturnType<typeof ownTokens>['executeTakeFirstOrThrow']>>;

/** A row of `ownTokens` as an `apiTokenView`. */
export const viewApiToken = (row: Row, now: Temporal.Instant): z.output<typeof apiTokenView> => {
  const expired = row.expires_at !== null && Temporal.Instant.compare(row.expires_at, now) <= 0;
  return {
    id: row.id,
    name: row.name,
    resource: row.resource,
    scopes: row.scopes,
    last4: row.last4,
    status: row.revoked_at !== null ? 'revoked' : expired ? 'expired' : 'active',
    created_at: row.created_at.toString(),
    expires_at: row.expires_at?.toString() ?? null,
    last_used_at: row.last_used_at?.toString() ?? null,
    revoked_at: row.revoked_at?.toString() ?? null,
  };
};

/** The actor's own token of that id, or `not_found`. */
export const findOwnToken = async (tx: Transaction, id: Id<'tok'>, actor: Actor): Promise<Row> => {
  const row = await ownTokens(tx, actor).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound({});
  return row;
};
