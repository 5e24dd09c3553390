import { randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Database } from '#database/database.ts';
import type { OauthClientsRow } from '#database/rows.ts';
import type { AuthMethod, ClientMetadata } from './oauth-client-metadata.ts';
import { hashSecret, newSecret, secretPrefixes } from './secrets.ts';

/** An app that may ask for access. */
export interface OauthClient {
  readonly id: string;
  /** dcr: registered itself; cimd: its id is the address of its document; static: the operator wrote it into the store. */
  readonly kind: 'dcr' | 'cimd' | 'static';
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly authMethods: readonly AuthMethod[];
  readonly secretHash: Buffer | null;
  readonly jwks: { keys: Record<string, unknown>[] } | null;
  readonly jwksUri: string | null;
  /** The domain that vouches for the client, or null where nobody does. */
  readonly publisher: string | null;
  readonly freshUntil: Temporal.Instant | null;
}

type StoredMetadata = Pick<ClientMetadata, 'authMethods' | 'jwks' | 'jwksUri' | 'applicationType' | 'scope'>;
const storedMetadata = ({ authMethods, jwks, jwksUri, applicationType, scope }: ClientMetadata): string =>
  JSON.stringify({ authMethods, jwks, jwksUri, applicationType, scope } satisfies StoredMetadata);

const clientOf = (row: Selectable<OauthClientsRow>): OauthClient => {
  const { authMethods, jwks, jwksUri } = row.metadata as Partial<StoredMetadata>;
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    redirectUris: row.redirect_uris,
    authMethods: authMethods ?? [row.auth_method],
    secretHash: row.secret_hash,
    jwks: jwks ?? null,
    jwksUri: jwksUri ?? null,
    publisher: row.kind === 'cimd' ? new URL(row.id).hostname : null,
    freshUntil: row.fresh_until,
  };
};

/** The client as it is stored, or null. */
export const storedClient = async (database: Database, id: string): Promise<OauthClient | null> => {
  if (id.length === 0 || id.length > 2000 || id.includes('\0')) return null;
  const row = await database.identity
    .selectFrom('oauth_clients')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : clientOf(row);
};

/** Registers a client that described itself; gives its secret in the clear where it asked for one. */
export const registerClient = async (
  database: Database,
  metadata: ClientMetadata,
  now: Temporal.Instant,
): Promise<{ client: OauthClient; secret: string | null }> => {
  const [method] = metadata.authMethods;
  const secret = method.startsWith('client_secret') ? newSecret(secretPrefixes.client) : null;
  const row = await database.identity
    .insertInto('oauth_clients')
    .values({
      id: `app_${randomBytes(16).toString('base64url')}`,
      kind: 'dcr',
      name: metadata.name,
      redirect_uris: [...metadata.redirectUris],
      auth_method: method,
      secret_hash: secret === null ? null : hashSecret(secret),
      metadata: storedMetadata(metadata),
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { client: clientOf(row), secret };
};

/** Keeps what the document at a client's address said. */
export const saveDocumentClient = async (
  database: Database,
  id: string,
  metadata: ClientMetadata,
  now: Temporal.Instant,
  freshUntil: Temporal.Instant,
): Promise<OauthClient> => {
  const said = {
    name: metadata.name,
    redirect_uris: [...metadata.redirectUris],
    auth_method: metadata.authMethods[0],
    metadata: storedMetadata(metadata),
    fetched_at: now,
    fresh_until: freshUntil,
  };
  const row = await database.identity
    .insertInto('oauth_clients')
    .values({ id, kind: 'cimd', created_at: now, ...said })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(said))
    .returningAll()
    .executeTakeFirstOrThrow();
  return clientOf(row);
};

/** Notes that a client is in use, at most once an hour, so that its registration is kept. */
export const noteClientUse = async (database: Database, id: string, now: Temporal.Instant): Promise<void> => {
  await database.identity
    .updateTable('oauth_clients')
    .set({ last_used_at: now })
    .where('id', '=', id)
    .where((where) =>
      where.or([where('last_used_at', 'is', null), where('last_used_at', '<', now.subtract({ hours: 1 }))]),
    )
    .execute();
};
