import { readFileSync } from 'node:fs';

/** The release of this Stint, as its package says. */
export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Every environment variable of Stint, its meaning and default. Nothing else reads the environment. */
export interface Config {
  /** PORT: where to listen; 4000. 0 takes any free port. */
  readonly port: number;
  /** HOST: the address to listen on; 127.0.0.1. */
  readonly host: string;
  /** STINT_DATA_DIR: the folder of the embedded store; ./data. */
  readonly dataDir: string;
  /** DATABASE_URL: a PostgreSQL instead of the embedded store. */
  readonly databaseUrl: string | null;
  /** STINT_POOLER: 1 where DATABASE_URL leads to a pooler that gives every transaction another session, like PgBouncer in transaction mode. */
  readonly pooler: boolean;
  /** STINT_PUBLIC_URL: where people reach this house; http://localhost:PORT. The issuer of every token, never taken from a request. */
  readonly publicUrl: string | null;
  /** SMTP_URL: where mail goes; without it mails are kept in the outbox. */
  readonly smtpUrl: string | null;
  /** STINT_LOG_LEVEL: trace, debug, info, warn, error or silent; info. */
  readonly logLevel: string;
  /** STINT_TRUST_PROXY: 1 where a reverse proxy sets X-Forwarded-For; else that header is ignored. */
  readonly trustProxy: boolean;
  /** STINT_CIMD: open, or off to refuse client ids that are URLs (OAuth client ID metadata documents). */
  readonly cimd: 'open' | 'off';
  /** STINT_REFRESH_GRACE_MINUTES: how long a used refresh token still leads to its successor; 60. 0 is strict. */
  readonly refreshGraceMinutes: number;
}

/** Reads the configuration, or throws a sentence about the variable that is wrong. */
export const readConfig = (env: Record<string, string | undefined> = process.env): Config => {
  const number = (name: string, fallback: number, most: number): number => {
    const text = env[name];
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0 || value > most) {
      throw new Error(`${name} must be a whole number from 0 to ${most}, not "${text}".`);
    }
    return value;
  };
  const text = (name: string): string | null =>
    env[name] === undefined || env[name] === '' ? null : env[name];
  const choice = <Name extends string>(name: string, fallback: Name, ...others: Name[]): Name => {
    const allowed = [fallback, ...others];
    const chosen = allowed.find((each) => each === (text(name) ?? fallback));
    if (chosen === undefined)
      throw new Error(`${name} must be ${allowed.join(' or ')}, not "${text(name)}".`);
    return chosen;
  };
  const smtpUrl = text('SMTP_URL');
  if (smtpUrl !== null && !(URL.canParse(smtpUrl) && /^smtps?:\/\/[^/]/.test(smtpUrl))) {
    // It may hold a password, so it is not quoted.
    throw new Error('SMTP_URL must be an address like smtps://user:password@mail.example.com.');
  }
  const databaseUrl = text('DATABASE_URL');
  if (databaseUrl !== null && !(URL.canParse(databaseUrl) && /^postgres(ql)?:\/\//.test(databaseUrl))) {
    throw new Error('DATABASE_URL must be an address like postgres://user:password@localhost:5432/stint.');
  }
  const publicUrl = text('STINT_PUBLIC_URL');
  if (publicUrl !== null) {
    const url = URL.canParse(publicUrl) ? new URL(publicUrl) : null;
    if (
      url === null ||
      !/^https?:$/.test(url.protocol) ||
      url.pathname !== '/' ||
      url.search !== '' ||
      url.hash !== ''
    ) {
      throw new Error(
        `STINT_PUBLIC_URL must be an origin like https://stint.example.com, not "${publicUrl}".`,
      );
    }
  }
  return {
    port: number('PORT', 4000, 65_535),
    host: text('HOST') ?? '127.0.0.1',
    dataDir: text('STINT_DATA_DIR') ?? './data',
    databaseUrl,
    pooler: choice('STINT_POOLER', '0', '1') === '1',
    publicUrl: publicUrl === null ? null : new URL(publicUrl).origin,
    smtpUrl,
    logLevel: choice('STINT_LOG_LEVEL', 'info', 'trace', 'debug', 'warn', 'error', 'silent'),
    trustProxy: choice('STINT_TRUST_PROXY', '0', '1') === '1',
    cimd: choice('STINT_CIMD', 'open', 'off'),
    refreshGraceMinutes: number('STINT_REFRESH_GRACE_MINUTES', 60, 10_080),
  };
};
