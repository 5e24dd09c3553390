import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { inOneTransaction } from '#database/one-transaction.ts';
import type { House } from '#operation/run.ts';
import { plantStory } from './plant-story.ts';
import { people } from './story.ts';

const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const newPassword = (): string =>
  Array.from({ length: 3 }, () =>
    Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join(''),
  ).join('-');

/** Whether nobody has an account yet. */
export const isEmpty = async (house: House): Promise<boolean> =>
  (await house.database.identity.selectFrom('users').select('id').limit(1).executeTakeFirst()) === undefined;

const fileOf = (dataDir: string) => join(dataDir, 'demo-password');

const readPassword = (dataDir: string): string | null =>
  existsSync(fileOf(dataDir)) ? readFileSync(fileOf(dataDir), 'utf8').trim() : null;

/** The password of the seeded people, if they were seeded here: kept in the data folder so that every start can print it. */
export const demoPassword = async ({ database }: House, dataDir: string): Promise<string | null> => {
  const teller = await database.identity
    .selectFrom('users')
    .select('id')
    .where('email', '=', people[0].email)
    .executeTakeFirst();
  return teller === undefined ? null : readPassword(dataDir);
};

/**
 * Plants the story where nobody has an account yet; gives its password, or null where somebody has. The whole story or nothing: whoever
 * stops it half way (by `signal`, which throws, or by ending the process) starts over next time. The password is random, and kept in the
 * data folder (mode 0600) because it opens nothing but the story. For a house on loopback only: the caller sees to that.
 */
export const seed = async (house: House, dataDir: string, signal?: AbortSignal): Promise<string | null> => {
  if (!(await isEmpty(house))) return null;
  const password = newPassword();
  return inOneTransaction(house.database, house.clock(), async (database) => {
    // Several processes may start at once on an empty server: the first writes, the others find it written.
    await sql`select pg_advisory_xact_lock(271828182)`.execute(database.identity);
    if (!(await isEmpty({ ...house, database }))) return null;
    await plantStory({ ...house, database }, password, signal);
    // Before the story is kept: a password without its story is forgotten at the next start, a story without its password is lost.
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(fileOf(dataDir), `${password}\n`, { mode: 0o600, flush: true });
    return password;
  });
};
