import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person } from '#testing/people.ts';
import { newId } from '#values/id.ts';

const house = await openTestHouse();
const now = Temporal.Instant.from('2026-12-31T12:00:00Z');
house.setNow(now);

type Stretch = readonly [start: Temporal.Instant, end: Temporal.Instant | null];
interface Work {
  readonly zone: string;
  readonly stretches: readonly Stretch[];
}

const put = (person: Person, work: readonly Work[]) =>
  house.database.inWorkspace(person.workspaceId, now, async (tx) => {
    for (const { zone, stretches } of work) {
      const id = newId('ten', now);
      const seconds = stretches.reduce(
        (sum, [start, end]) => sum + (end === null ? 0 : end.since(start).total('seconds')),
        0,
      );
      const [first] = stretches[0]!;
      const running = stretches.at(-1)![1] === null;
      await tx
        .insertInto('time_entries')
        .values({
          id,
          membership_id: person.membershipId,
          mode: 'interval',
          state: running ? 'running' : 'stopped',
          started_at: first,
          ended_at: stretches.at(-1)![1],
          timezone: zone,
          local_date: first.toZonedDateTimeISO(zone).toPlainDate(),
          duration_seconds: seconds,
          billable: true,
          source: 'web',
        })
        .execute();
      await tx
        .insertInto('time_segments')
        .values(
          stretches.map(([start, end]) => ({
            id: newId('seg', now),
            entry_id: id,
            started_at: start,
            ended_at: end,
          })),
        )
        .execute();
    }
  });

/** Seconds by day, as Temporal divides them. */
const divided = (work: readonly Work[]): Map<string, number> => {
  const days = new Map<string, number>();
  for (const { zone, stretches } of work)
    for (const [start, end] of stretches) {
      let from = start.toZonedDateTimeISO(zone);
      const until = (end ?? now).toZonedDateTimeISO(zone);
      while (Temporal.ZonedDateTime.compare(from, until) < 0) {
        const next = from.toPlainDate().add({ days: 1 }).toZonedDateTime(zone);
        const to = Temporal.ZonedDateTime.compare(next, until) < 0 ? next : until;
        const day = from.toPlainDate().toString();
        days.set(day, (days.get(day) ?? 0) + to.since(from).total('seconds'));
        from = to;
      }
    }
  return days;
};

interface Report {
  rows: [string, number, number, ...unknown[]][];
  totals: { entries: number; seconds: number };
}
const report = (person: Person, input: object) =>
  call<Report>(house, person, 'reports.run', {
    type: 'summary',
    from: '2026-01-01',
    to: '2026-12-31',
    group_by: ['day'],
    limit: 1000,
    split_at_midnight: true,
    ...input,
  });
const byDay = ({ rows }: Report) => new Map(rows.map(([day, , seconds]) => [day, seconds]));

/** Zones that change their clocks at every hour there is, over midnight too, or never; of rules that all tables of zones agree on. */
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/Havana',
  'Atlantic/Azores',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'Antarctica/Troll',
  'UTC',
];
const begin = Temporal.Instant.from('2026-01-03T00:00:00Z');
/** The moments of a year at which a zone changes its clocks. */
const changesOf = (zone: string): Temporal.Instant[] => {
  const changes: Temporal.Instant[] = [];
  let at = begin.toZonedDateTimeISO(zone).getTimeZoneTransition('next');
  for (; at?.year === 2026; at = at.getTimeZoneTransition('next')) changes.push(at.toInstant());
  return changes;
};
const stretchesIn = (zone: string): fc.Arbitrary<Stretch[]> =>
  fc
    .record({
      // Mostly a little before a change of the clocks, where there is one.
      start: fc.oneof(
        {
          weight: 1,
          arbitrary: fc.integer({ min: 0, max: 340 * 86_400 }).map((seconds) => begin.add({ seconds })),
        },
        ...changesOf(zone).map((change) => ({
          weight: 2,
          arbitrary: fc.integer({ min: -3600, max: 90_000 }).map((seconds) => change.subtract({ seconds })),
        })),
      ),
      lengths: fc.array(fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 40_000 })), {
        minLength: 1,
        maxLength: 3,
      }),
    })
    .map(({ start, lengths }): Stretch[] => {
      let from = start;
      return lengths.map(([length, pause]) => {
        const stretch: Stretch = [from, from.add({ seconds: length })];
        from = stretch[1]!.add({ seconds: pause });
        return stretch;
      });
    });
const work = fc.array(
  fc
    .constantFrom(...zones)
    .chain((zone) => fc.record({ zone: fc.constant(zone), stretches: stretchesIn(zone) })),
  { minLength: 1, maxLength: 8 },
);

test('5 divided at midnight, days sum to the total in every zone, and each day has what lies in it', async () => {
  await fc.assert(
    fc.asyncProperty(work, async (given) => {
      const { teo } = await makeWorkspace(house);
      await put(teo, given);
      const [split, whole] = [await report(teo, {}), await report(teo, { split_at_midnight: false })];
      const days = byDay(split);
      const sum = [...days.values()].reduce((all, seconds) => all + seconds, 0);
      expect(sum).toBe(split.totals.seconds);
      expect(split.totals).toEqual(whole.totals);
      expect(split.totals.entries).toBe(given.length);
      expect(days).toEqual(new Map([...divided(given)].sort()));
      // Whatever the period, the same seconds; and an entry counts once in each of its months.
      const months = await report(teo, { group_by: ['month', 'member'] });
      expect(months.rows.reduce((all, row) => all + (row[4] as number), 0)).toBe(sum);
    }),
    { numRuns: 40, seed: 5 },
  );
});

test('a day of 25 hours can hold 25 hours', async () => {
  const { teo } = await makeWorkspace(house);
  const [start, end] = ['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'].map((text) =>
    Temporal.Instant.from(text),
  );
  await put(teo, [{ zone: 'Europe/Berlin', stretches: [[start!, end!]] }]);
  expect(byDay(await report(teo, {}))).toEqual(new Map([['2026-10-25', 90_000]]));
});

test('only what lies in the days asked for counts, whenever it began; a timer up to now', async () => {
  const { teo } = await makeWorkspace(house);
  const at = (text: string) => Temporal.Instant.from(text);
  await put(teo, [
    { zone: 'UTC', stretches: [[at('2026-10-30T22:00:00Z'), at('2026-11-02T01:00:00Z')]] },
    {
      zone: 'UTC',
      stretches: [
        [at('2026-12-29T23:00:00Z'), at('2026-12-29T23:30:00Z')],
        [at('2026-12-31T10:00:00Z'), null],
      ],
    },
  ]);
  const november = await report(teo, { from: '2026-11-01', to: '2026-11-30' });
  expect(byDay(november)).toEqual(
    new Map([
      ['2026-11-01', 86_400],
      ['2026-11-02', 3600],
    ]),
  );
  expect(november.totals).toMatchObject({ entries: 1, seconds: 90_000 });
  expect(byDay(await report(teo, { from: '2026-12-01' }))).toEqual(
    new Map([
      ['2026-12-29', 1800],
      ['2026-12-31', 7200],
    ]),
  );
  const weeks = await report(teo, { from: '2026-10-26', to: '2026-11-08', group_by: ['week'] });
  expect(weeks.rows.map(([week, entries, seconds]) => [week, entries, seconds])).toEqual([
    ['2026-10-26', 1, 7200 + 2 * 86_400],
    ['2026-11-02', 1, 3600],
  ]);
});
