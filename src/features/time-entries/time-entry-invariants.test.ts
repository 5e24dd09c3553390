import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { approve, type Entry, log, look, zones } from '#testing/time.ts';
import { parseAmount } from '#values/money.ts';

const house = await openTestHouse();
const start = Temporal.Instant.from('2026-10-24T20:00:00Z');
const ago = (seconds: number): string => house.clock().subtract({ seconds }).toString();

test('2, 6 a duration is the same in every zone, and a change of clocks is no change of it', async () => {
  house.setNow('2026-11-10T12:00:00Z');
  const { teo } = await makeWorkspace(house);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -100_000, max: 100_000 }),
      fc.integer({ min: 1, max: 100_000 }),
      fc.constantFrom(...zones),
      fc.constantFrom(...zones),
      async (from, seconds, timezone, other) => {
        // Around the end of summer time in Berlin, 25 October 2026 at 01:00 UTC.
        const started = Temporal.Instant.from('2026-10-25T01:00:00Z').add({ seconds: from });
        const ended = started.add({ seconds });
        const entry = await log(house, teo, {
          started_at: started.toString(),
          ended_at: ended.toString(),
          timezone,
        });
        expect(entry.duration_seconds).toBe(seconds);
        expect(entry.local_date).toBe(started.toZonedDateTimeISO(timezone).toPlainDate().toString());
        expect(Temporal.Instant.from(entry.started_at!).equals(started)).toBe(true);
        const moved = await call<{ entry: Entry }>(house, teo, 'time_entries.update', {
          id: entry.id,
          timezone: other,
        });
        expect(moved.entry.duration_seconds).toBe(seconds);
        expect(moved.entry.local_date).toBe(started.toZonedDateTimeISO(other).toPlainDate().toString());
        expect(Temporal.Instant.from(moved.entry.ended_at!).equals(ended)).toBe(true);
      },
    ),
    { numRuns: 15 },
  );
});

test('5 a day of 25 hours holds 25 hours', async () => {
  house.setNow('2026-11-10T12:00:00Z');
  const { teo } = await makeWorkspace(house, { settings: { overlap_policy: 'forbid' } });
  const entry = await log(house, teo, { started_at: '2026-10-25T00:00', ended_at: '2026-10-26T00:00' });
  expect(entry).toMatchObject({ duration_seconds: 25 * 3600, local_date: '2026-10-25' });
});

test('9 every way to change a locked entry is refused, and changes nothing', async () => {
  house.setNow(start);
  const { noor } = await makeWorkspace(house);
  const { id } = await log(house, noor, { started_at: ago(7200), ended_at: ago(3600), tags: ['a'] });
  const { id: gone } = await log(house, noor, { duration: '1:00' });
  await call(house, noor, 'time_entries.delete', { id: gone });
  const { timer } = await call<{ timer: { entry_id: string } }>(house, noor, 'timers.start', {
    started_at: ago(60),
  });
  for (const locked of [id, gone, timer.entry_id]) await approve(house, locked);
  const stored = () =>
    house.database.inWorkspace(noor.workspaceId, house.clock(), (tx) =>
      tx.selectFrom('time_entries').selectAll().orderBy('id').execute(),
    );
  const before = JSON.stringify(await stored(), (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const changes = {
    description: 'x',
    billable: false,
    tags: [],
    rate: '1.00',
    project_id: null,
    started_at: ago(9000),
    ended_at: ago(10),
    duration: '0:10',
    timezone: 'UTC',
    re_rate: true,
  };
  const attempts: [string, object][] = [
    ...Object.entries(changes).map(([field, value]): [string, object] => [
      'time_entries.update',
      { id, [field]: value },
    ]),
    ['time_entries.delete', { id }],
    ['time_entries.restore', { id: gone }],
    ['time_entries.split', { id, seconds: [60] }],
    ['time_entries.bulk_update', { ids: [id], patch: { add_tags: ['b'] } }],
    ['timers.pause', {}],
    ['timers.update', { description: 'x' }],
    ['timers.stop', {}],
    ['timers.discard', { confirm: true }],
    ['timers.start', {}],
  ];
  for (const [operation, input] of attempts) {
    const outcome = await call(house, noor, operation, input).catch((error: unknown) => error);
    expect(outcome, operation).toMatchObject({ code: 'entry_locked' });
  }
  expect(
    JSON.stringify(await stored(), (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ),
  ).toBe(before);
});

test('10 deleting and restoring is identity but for version, whatever the entry', async () => {
  house.setNow(start);
  const { teo } = await makeWorkspace(house);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('stopped', 'paused', 'running', 'duration'),
      fc.integer({ min: 1, max: 80_000 }),
      async (kind, back) => {
        const given = kind === 'duration' || kind === 'stopped' ? { duration_seconds: back } : {};
        const { id } = await log(house, teo, {
          ...(kind === 'duration' ? {} : { started_at: ago(back) }),
          ...given,
          tags: ['a'],
        });
        if (kind === 'paused') await call(house, teo, 'timers.pause');
        const before = await look(house, teo, id);
        await call(
          house,
          teo,
          kind === 'running' ? 'timers.discard' : 'time_entries.delete',
          kind === 'running' ? { confirm: true } : { id },
        );
        await call(house, teo, 'time_entries.restore', { id });
        const after = await look(house, teo, id);
        expect({ ...after, entry: { ...after.entry, version: before.entry.version } }).toEqual(before);
        if (kind === 'running') await call(house, teo, 'timers.stop');
      },
    ),
    { numRuns: 12 },
  );
});

test('8 however an entry is split, its parts have its seconds, tags, rate and billing, and its worth but for the rounding of each', async () => {
  house.setNow(start);
  const { noor } = await makeWorkspace(house);
  const cents = (amount: string | null | undefined) => parseAmount(amount!, 'EUR');
  let several = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        rate: fc.integer({ min: 1, max: 99_999 }).map((minor) => (minor / 100).toFixed(2)),
        tags: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
        billable: fc.boolean(),
      }),
      fc.constantFrom('interval', 'duration', 'paused'),
      fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 4000 }),
      async (work, kind, cuts, rest) => {
        const seconds = cuts.reduce((sum, each) => sum + each, rest);
        let { id } = await log(house, noor, {
          ...work,
          ...(kind === 'paused' ? {} : { duration_seconds: seconds }),
          ...(kind === 'duration' ? {} : { started_at: ago(kind === 'paused' ? seconds + 600 : seconds) }),
        });
        if (kind === 'paused') {
          const pausedAt = ago(600 + Math.floor(seconds / 2));
          await call(house, noor, 'timers.pause', { at: pausedAt });
          await call(house, noor, 'timers.resume', { at: ago(Math.floor(seconds / 2)) });
          ({ id } = (await call<{ entry: Entry }>(house, noor, 'timers.stop')).entry);
        }
        const { entry: whole } = await look(house, noor, id);
        expect(whole.duration_seconds).toBe(seconds);
        const input = { id, seconds: cuts };
        const { entries } = await call<{ entries: Entry[] }>(house, noor, 'time_entries.split', input);
        expect(entries.map(({ duration_seconds }) => duration_seconds)).toEqual([...cuts, rest]);
        for (const { rate, tags, billable, currency } of entries)
          expect({ rate, tags, billable, currency }).toEqual({
            ...{ rate: whole.rate, tags: whole.tags, billable: work.billable, currency: whole.currency },
          });
        if (!work.billable) return;
        several += entries.length;
        const apart = entries.reduce((sum, { amount }) => sum + cents(amount), 0n) - cents(whole.amount);
        // Half a cent for each part, and half a one for the whole.
        expect(2n * (apart < 0n ? -apart : apart)).toBeLessThanOrEqual(BigInt(entries.length + 1));
      },
    ),
    { numRuns: 15 },
  );
  expect(several).toBeGreaterThan(15);
});
