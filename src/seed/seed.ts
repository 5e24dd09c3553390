import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { House } from '#operation/run.ts';
import { plantStory } from './plant-story.ts';

const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const newPassword = (): string =>
  Array.from({ length: 3 }, () =>
    Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join(''),
  ).join('-');

/** Whether nobody has an account yet. */
export const isEmpty = async (house: House): Promise<boolean> =>
  (await house.database.identity.selectFrom('users').select('id').limit(1).executeTakeFirst()) === undefined;

const fileOf = (dataDir: string) => join(dataDir, 'demo-password');

/** The password of the seeded people, if they were seeded here: kept in the data folder so that every start can print it. */
export const demoPassword = (dataDir: string): string | null =>
  existsSync(fileOf(dataDir)) ? readFileSync(fileOf(dataDir), 'utf8').trim() : null;

/**
 * Plants the story where nobody has an account yet; gives its password, or null where somebody has. The password is random, and kept in
 * the data folder (mode 0600) because it opens nothing but the story. For a house on loopback only: the caller sees to that.
 */
export const seed = async (house: House, dataDir: string): Promise<string | null> => {
  if (!(await isEmpty(house))) return null;
  const password = newPassword();
  await plantStory(house, password);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(fileOf(dataDir), `${password}\n`, { mode: 0o600 });
  return password;
};
