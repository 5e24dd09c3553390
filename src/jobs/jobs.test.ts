import { expect, test } from 'vitest';
import { hashSecret, newSecret, secretPrefixes } from '#identity/secrets.ts';
import { openTestHouse } from '#testing/house.ts';
import { startJobs } from './jobs.ts';

test('tidies up when it starts, not only after its first hour', async () => {
  const house = await openTestHouse();
  const { database, clock } = house;
  const hash = hashSecret(newSecret(secretPrefixes.transaction));
  const expiresAt = clock().subtract({ hours: 2 });
  await database.identity
    .insertInto('oauth_transactions')
    .values({ hash, params: JSON.stringify({}), expires_at: expiresAt })
    .execute();
  const stop = startJobs({ house, send: null });
  await stop();
  const left = await database.identity
    .selectFrom('oauth_transactions')
    .select('hash')
    .where('hash', '=', hash)
    .execute();
  expect(left).toEqual([]);
});
