import { hash, randomBytes } from 'node:crypto';

/**
 * What every secret of Stint begins with, so that scanners find a leaked one and a secret of the wrong kind is refused at sight:
 * access token, refresh token, authorization code, API token, session, client secret, consent transaction.
 */
export const secretPrefixes = {
  access: 'stint_at_',
  refresh: 'stint_rt_',
  code: 'stint_ac_',
  apiToken: 'stint_pat_',
  session: 'stint_se_',
  client: 'stint_cs_',
  transaction: 'stint_tx_',
} as const;
export type SecretPrefix = (typeof secretPrefixes)[keyof typeof secretPrefixes];

/** A new secret: the prefix, then 256 random bits as 43 base64url characters. Shown once, never stored. */
export const newSecret = (prefix: SecretPrefix): string =>
  `${prefix}${randomBytes(32).toString('base64url')}`;

/**
 * What is stored of a secret: its SHA-256, 32 bytes. No salt and no slow hash are needed, for 256 random bits cannot be guessed;
 * and no constant-time comparison, for a look-up by this hash tells nothing about the secret.
 */
export const hashSecret = (secret: string): Buffer => hash('sha256', secret, 'buffer');

/** Whether `text` has the form of a secret of that kind; says nothing about whether it exists. */
export const looksLike = (prefix: SecretPrefix, text: string): boolean =>
  text.startsWith(prefix) && /^[\w-]{43}$/.test(text.slice(prefix.length));
