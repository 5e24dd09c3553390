import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { refusalOf } from '#testing/people.ts';
import { takeAttempt } from './throttle.ts';

const six = '2001:db8:7:1::';
const four = '198.51.100.7';

test('an IPv6 /64 and an IPv4 address each count as one, up to a hundred; the neighbour in an office is somebody else', async () => {
  const { database } = await openTestHouse();
  for (const ipOf of [(n: number) => `${six}${n + 1}`, () => four]) {
    for (let attempt = 0; attempt < 100; attempt += 1)
      await takeAttempt(database, `${attempt}@${ipOf(0)}`, ipOf(attempt % 9));
    const late = await refusalOf(takeAttempt(database, 'mara@example.com', ipOf(8)));
    expect(late).toMatchObject({
      code: 'too_many_attempts',
      message: 'Too many attempts from this network. Please try again in 15 minutes.',
      details: { limit: 'network' },
    });
  }
  await takeAttempt(database, 'mara@example.com', '198.51.100.8');
});

test('a network that is shut out does not count against an account', async () => {
  const { database } = await openTestHouse();
  for (let attempt = 0; attempt < 100; attempt += 1)
    await takeAttempt(database, `${attempt}@example.com`, four);
  for (let attempt = 0; attempt < 11; attempt += 1)
    await refusalOf(takeAttempt(database, 'mara@example.com', four));
  await takeAttempt(database, 'mara@example.com', six);
});

test('the eleventh attempt at an account says that it is the account, and however many follow shut out nobody else', async () => {
  const { database } = await openTestHouse();
  for (let attempt = 0; attempt < 10; attempt += 1) await takeAttempt(database, 'mara@example.com', four);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    expect(await refusalOf(takeAttempt(database, 'mara@example.com', four))).toMatchObject({
      message: 'Too many attempts for this account. Please try again in 15 minutes.',
      details: { limit: 'account' },
    });
  }
  await takeAttempt(database, 'noor@example.com', four);
});
