import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person } from '#testing/people.ts';
import type { Entry } from '#testing/time.ts';
import { type Transition, transitionsUntil } from '#testing/zones.ts';
import { wholeSeconds } from '#values/local-time.ts';
import { changedTimes } from './entry-retiming.ts';
import { type EntryTimes, newTimes, timesOf } from './entry-times.ts';

// Time in every zone that has ever changed its clocks, around the moments at which it did.
const now = Temporal.Instant.from('2026-01-31T12:00:00Z');
const house = await openTestHouse();
house.setNow(now);

interface Work {
  readonly zone: string;
  readonly start: Temporal.Instant;
  readonly end: Temporal.Instant;
}

const transitions = transitionsUntil('2026-01-01');
const byZone = [...Map.groupBy(transitions, ({ zone }) => zone).values()];
const zones = byZone.map(([first]) => first!.zone);
const near = (hours: number) => fc.integer({ min: 0, max: hours * 3600 });

/** Work over a change of the clocks. */
const workAt = ({ zone, at }: Transition): fc.Arbitrary<Work> =>
  fc.record({ before: near(20), after: near(30) }).map(({ before, after }) => ({
    zone,
    start: wholeSeconds(at).subtract({ seconds: before }),
    end: wholeSeconds(at).add({ seconds: after + 1 }),
  }));
const dayOf = (instant: Temporal.Instant, zone: string) => instant.toZonedDateTimeISO(zone).toPlainDate();
/** One for each zone, over one of its last changes. */
const works = fc.sample(
  fc.tuple(...byZone.map((changes) => fc.constantFrom(...changes.slice(-4)).chain(workAt))),
  1,
)[0]!;

const between = (from: Temporal.Instant, to: Temporal.Instant) => from.until(to).total('seconds');
/** A moment as somebody gives it who looks at a clock there. */
const onClock = (at: Temporal.Instant, zone: string) => {
  const local = at.toZonedDateTimeISO(zone).toPlainDateTime();
  const first = local.toZonedDateTime(zone, { disambiguation: 'earlier' }).toInstant();
  return {
    text: local.toString(),
    disambiguation: first.equals(at) ? ('earlier' as const) : ('later' as const),
  };
};

test('every zone that has changed its clocks since 1980 is here', () => {
  expect(zones.length).toBeGreaterThan(250);
  expect(works.map(({ zone }) => zone)).toEqual(zones);
});

test('2, 3, 6 in every zone a new end leaves the start, a new start the end, another zone both; seconds and days are those of the clock', () => {
  const expectTimes = (times: EntryTimes | null, { start, end, zone }: Work) => {
    expect(
      times?.stretches.map(({ startedAt, endedAt }) => [startedAt.toString(), endedAt?.toString()]),
    ).toEqual([[start.toString(), end.toString()]]);
    expect([times?.durationSeconds, times?.timezone]).toEqual([between(start, end), zone]);
    expect(times?.localDate.toString()).toBe(dayOf(start, zone).toString());
  };
  const edits = (changes: Transition[]) =>
    fc
      .constantFrom(...changes)
      .chain((change) => fc.tuple(workAt(change), workAt(change), fc.constantFrom(...zones)));
  const holds = ([work, moved, other]: [Work, Work, string]) => {
    const { zone, start, end } = work;
    const context = { zone: 'Asia/Tokyo', now };
    const given = (field: 'started_at' | 'ended_at', at: Temporal.Instant, where: string) => {
      const { text, disambiguation } = onClock(at, where);
      return { [field]: text, timezone: where, disambiguation };
    };
    const made = newTimes(
      { ...given('started_at', start, zone), duration_seconds: between(start, end) },
      context,
    );
    expectTimes(made, work);
    const ended = changedTimes(made, given('ended_at', moved.end, zone), context);
    expectTimes(ended, { ...work, end: moved.end });
    expectTimes(changedTimes(ended!, given('started_at', moved.start, zone), context), moved);
    expectTimes(changedTimes(made, { timezone: other }, context), { ...work, zone: other });
    expectTimes(changedTimes(made, given('ended_at', moved.end, other), context), {
      ...work,
      end: moved.end,
      zone: other,
    });
    // With a pause too: what is moved is one end of one stretch.
    const pause = start.add({ seconds: 1 });
    const paused = timesOf(
      [
        { startedAt: start, endedAt: start },
        { startedAt: pause, endedAt: end.add({ seconds: 1 }) },
      ],
      zone,
    );
    const later = changedTimes(paused, given('ended_at', moved.end.add({ seconds: 1 }), zone), context)!;
    expect(later.stretches[0]).toEqual(paused.stretches[0]);
    expect(later.durationSeconds).toBe(between(pause, moved.end) + 1);
  };
  for (const changes of byZone) fc.assert(fc.property(edits(changes), holds), { numRuns: 4 });
});

const logAll = async (person: Person): Promise<void> => {
  for (let from = 0; from < works.length; from += 200) {
    const items = works.slice(from, from + 200).map(({ zone, start, end }) => {
      const { text, disambiguation } = onClock(start, zone);
      const seconds = between(start, end);
      return {
        description: zone,
        started_at: text,
        timezone: zone,
        disambiguation,
        duration_seconds: seconds,
      };
    });
    type Made = { results: { error?: object }[] };
    const { results } = await call<Made>(house, person, 'time_entries.bulk_create', { items });
    expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
  }
};

interface Report {
  rows: [string, number, number][];
  totals: { entries: number; seconds: number };
}
const sumOf = (seconds: Iterable<number>) => [...seconds].reduce((all, one) => all + one, 0);
type Parts = readonly (readonly [key: string, seconds: number])[];
const tally = (parts: Parts) =>
  new Map(
    [...Map.groupBy(parts, ([key]) => key)].map(([key, same]) => [
      key,
      sumOf(same.map(([, seconds]) => seconds)),
    ]),
  );

/** Seconds by day, cut where days begin. */
const divided = ({ zone, start, end }: Work): Parts => {
  const days: [string, number][] = [];
  let day = dayOf(start, zone).subtract({ days: 1 });
  for (; Temporal.PlainDate.compare(day, dayOf(end, zone)) <= 0; day = day.add({ days: 1 })) {
    const [from, to] = [day, day.add({ days: 1 })].map(
      (each) => each.toZonedDateTime(zone).epochMilliseconds,
    );
    const seconds = (Math.min(to!, end.epochMilliseconds) - Math.max(from!, start.epochMilliseconds)) / 1000;
    if (seconds > 0) days.push([day.toString(), seconds]);
  }
  return days;
};

test('2, 5, 6 in every zone what is stored and shown is what was worked; the days of a report sum to it, and so do its weeks, whichever day they begin on', async () => {
  const { teo } = await makeWorkspace(house, { timezone: 'Asia/Tokyo' });
  await logAll(teo);
  const { rows: stored } = await house.database.run(
    `select e.timezone, e.local_date::text as day, e.duration_seconds as seconds, extract(epoch from s.ended_at - s.started_at)::int as stretch
     from time_entries e join time_segments s on s.entry_id = e.id where e.membership_id = $1 order by e.timezone`,
    [teo.membershipId],
  );
  const inOrder = works.toSorted((one, two) => (one.zone < two.zone ? -1 : 1));
  expect(stored).toEqual(
    inOrder.map(({ zone, start, end }) => {
      const seconds = between(start, end);
      return { timezone: zone, day: dayOf(start, zone).toString(), seconds, stretch: seconds };
    }),
  );
  // Whoever looks, from wherever, reads the same seconds and days.
  const shown = async () =>
    (await call<{ data: Entry[] }>(house, teo, 'time_entries.list', { limit: 100 })).data;
  const fromTokyo = await shown();
  await house.database.run(`update users set timezone = 'America/St_Johns' where id = $1`, [teo.userId]);
  expect(await shown()).toEqual(fromTokyo);

  const pieces = works.map(divided);
  const years = new Set(pieces.flat().map(([day]) => day.slice(0, 4)));
  for (const year of years) {
    const ofYear = (parts: Parts) => parts.filter(([day]) => day.startsWith(year));
    const report = (input: object) =>
      call<Report>(house, teo, 'reports.run', {
        ...{ type: 'summary', from: `${year}-01-01`, to: `${year}-12-31`, limit: 1000, group_by: ['day'] },
        ...input,
      });
    const found = ({ rows }: Report) => new Map(rows.map(([key, , seconds]) => [key, seconds]));
    const split = await report({ split_at_midnight: true });
    const days = tally(ofYear(pieces.flat()));
    expect(found(split)).toEqual(days);
    expect(split.totals).toMatchObject({
      entries: pieces.filter((parts) => ofYear(parts).length > 0).length,
      seconds: sumOf(days.values()),
    });
    const first = [0, 1, 6][Number(year) % 3]!;
    await house.database.run('update users set week_start = $1 where id = $2', [first, teo.userId]);
    const whole = works.map(({ start, end, zone }): [string, number] => [
      dayOf(start, zone).toString(),
      between(start, end),
    ]);
    const weeks = ofYear(whole).map(([day, seconds]): [string, number] => {
      const date = Temporal.PlainDate.from(day);
      return [date.subtract({ days: (date.dayOfWeek - first + 7) % 7 }).toString(), seconds];
    });
    expect(found(await report({ group_by: ['week'] }))).toEqual(tally(weeks));
  }
  expect(years.size).toBeGreaterThan(20);
});
