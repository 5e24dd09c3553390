import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { dateIn, secondsBetween } from '#values/local-time.ts';
import { Refusal } from '#values/refusal.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person } from '#testing/people.ts';
import { type Entry, type EntryPage, zones } from '#testing/time.ts';

// Properties that hold whatever anybody does in whatever order: they are looked for in random histories on the real store.
const house = await openTestHouse();
const start = Temporal.Instant.from('2026-10-24T20:00:00Z');

/** Every entry as it is stored, deleted ones too, with its stretches. */
const stored = async (person: Person) => {
  const { rows } = await house.database.inWorkspace(person.workspaceId, house.clock(), (tx) =>
    sql<{
      id: string;
      state: string;
      started_at: Temporal.Instant | null;
      ended_at: Temporal.Instant | null;
      timezone: string;
      local_date: Temporal.PlainDate;
      duration_seconds: number;
      deleted_at: Temporal.Instant | null;
      segments: { a: string; b: string | null }[];
    }>`select e.*, (select coalesce(json_agg(json_build_object('a', s.started_at, 'b', s.ended_at) order by s.started_at, s.ended_at), '[]')
      from time_segments s where s.entry_id = e.id) as segments
      from time_entries e where e.membership_id = ${person.membershipId}`.execute(tx),
  );
  return rows.map(({ segments, ...row }) => ({
    ...row,
    stretches: segments.map(({ a, b }) => ({
      from: Temporal.Instant.from(a),
      to: b === null ? null : Temporal.Instant.from(b),
    })),
  }));
};
type Stored = Awaited<ReturnType<typeof stored>>[number];

const checkEntry = (entry: Stored) => {
  const { state, started_at, ended_at, timezone, local_date, duration_seconds, stretches } = entry;
  if (started_at === null) {
    expect(stretches).toEqual([]);
    return;
  }
  const closed = stretches.filter(({ to }) => to !== null);
  expect(duration_seconds).toBe(closed.reduce((sum, { from, to }) => sum + secondsBetween(from, to!), 0));
  expect(stretches.length - closed.length).toBe(state === 'running' ? 1 : 0);
  expect(stretches[0]!.from.equals(started_at)).toBe(true);
  if (state === 'stopped') expect(stretches.at(-1)!.to!.equals(ended_at!)).toBe(true);
  expect(local_date.equals(dateIn(started_at, timezone))).toBe(true);
};

const wait = fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 9000 }) });
/** What somebody may try; a refusal is as good an outcome as any. */
const step = fc.oneof(
  { weight: 3, arbitrary: wait },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('timers.start' as const),
      back: fc.integer({ min: 0, max: 9000 }),
      on_running: fc.constantFrom('stop_current', 'pause_current', 'error'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('timers.pause' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('timers.resume' as const),
      on_running: fc.constantFrom('stop_current', 'pause_current'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('timers.stop' as const),
      back: fc.integer({ min: 0, max: 5000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('timers.discard' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('time_entries.create' as const),
      back: fc.integer({ min: -9000, max: 60_000 }),
      duration_seconds: fc.integer({ min: 0, max: 20_000 }),
      timezone: fc.constantFrom(...zones),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('time_entries.update' as const),
      pick: fc.nat(20),
      move: fc.constantFrom('started_at', 'ended_at', 'duration_seconds', 'timezone'),
      back: fc.integer({ min: -500, max: 20_000 }),
      timezone: fc.constantFrom(...zones),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('time_entries.split' as const),
      pick: fc.nat(20),
      seconds: fc.integer({ min: 1, max: 5000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('time_entries.delete' as const), pick: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('time_entries.restore' as const), pick: fc.nat(20) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
/** A timer with a pause: chance alone makes hardly one, and what has several stretches is what goes wrong. */
const withPause = fc
  .tuple(wait, wait, wait)
  .map(([one, two, three]): Step[] => [
    { do: 'timers.start', back: 0, on_running: 'stop_current' },
    one,
    { do: 'timers.pause' },
    two,
    { do: 'timers.resume', on_running: 'stop_current' },
    three,
  ]);
const history = fc
  .array(
    fc.oneof({ weight: 7, arbitrary: step.map((one): Step[] => [one]) }, { weight: 1, arbitrary: withPause }),
    {
      minLength: 15,
      maxLength: 30,
    },
  )
  .map((parts) => parts.flat());

const ago = (seconds: number): string => house.clock().subtract({ seconds }).toString();

const inputOf = (taken: Step, entries: Stored[]): object | null => {
  const gone = entries.filter(({ deleted_at }) => deleted_at !== null);
  const among = taken.do === 'time_entries.restore' ? gone : entries;
  const pick = 'pick' in taken ? among[taken.pick % Math.max(1, among.length)] : undefined;
  if ('pick' in taken && pick === undefined) return null;
  switch (taken.do) {
    case 'wait':
      return null;
    case 'timers.start':
      return { started_at: ago(taken.back), on_running: taken.on_running };
    case 'timers.resume':
      return { on_running: taken.on_running };
    case 'timers.stop':
      return { ended_at: ago(taken.back) };
    case 'timers.discard':
      return { confirm: true };
    case 'time_entries.create':
      return {
        started_at: ago(taken.back),
        duration_seconds: taken.duration_seconds,
        timezone: taken.timezone,
      };
    case 'time_entries.update':
      return {
        id: pick!.id,
        ...(taken.move === 'duration_seconds'
          ? { duration_seconds: Math.max(0, taken.back) }
          : taken.move === 'timezone'
            ? { timezone: taken.timezone }
            : { [taken.move]: ago(taken.back) }),
      };
    case 'time_entries.split':
      return { id: pick!.id, seconds: [taken.seconds] };
    case 'time_entries.delete':
    case 'time_entries.restore':
      return { id: pick!.id };
    default:
      return {};
  }
};

/** How often each step was taken and not refused. */
const done = new Map<string, number>();

/** Takes a step; a refusal is fine, anything else is not. Gives the answer, or null. */
const take = async (person: Person, taken: Step, known: Stored[]): Promise<{ entries?: Entry[] } | null> => {
  if (taken.do === 'wait') {
    house.setNow(house.clock().add({ seconds: taken.seconds }));
    return null;
  }
  const input = inputOf(taken, known);
  if (input === null) return null;
  try {
    const answer = await call<{ entries?: Entry[] }>(house, person, taken.do, input);
    done.set(taken.do, (done.get(taken.do) ?? 0) + 1);
    return answer;
  } catch (error) {
    if (error instanceof Refusal && error.code !== 'internal_error') return null;
    throw error;
  }
};

const overlapping = (entries: Stored[]): string[] => {
  const stretches = entries.flatMap(({ id, stretches: own }) =>
    own.map(({ from, to }) => ({ id, from: from.epochMilliseconds, to: to?.epochMilliseconds ?? Infinity })),
  );
  return stretches.flatMap((one, index) =>
    stretches
      .slice(index + 1)
      .filter((two) => one.from < one.to && two.from < two.to && one.from < two.to && two.from < one.to)
      .map((two) => `${one.id} ${two.id}`),
  );
};

test.each(['allow', 'forbid'])(
  'after any history: one timer runs at most, seconds are the sum of the stretches, the day is that of the start (overlaps: %s)',
  async (overlap_policy) => {
    done.clear();
    await fc.assert(
      fc.asyncProperty(history, fc.constantFrom(...zones), async (steps, timezone) => {
        house.setNow(start);
        const { teo } = await makeWorkspace(house, { timezone, settings: { overlap_policy } });
        let entries: Stored[] = [];
        for (const taken of steps) {
          const before = entries;
          const answer = await take(teo, taken, before);
          entries = await stored(teo);
          const alive = entries.filter(({ deleted_at }) => deleted_at === null);
          expect(alive.filter(({ state }) => state === 'running').length).toBeLessThanOrEqual(1);
          for (const entry of entries) checkEntry(entry);
          if (overlap_policy === 'forbid') expect(overlapping(alive)).toEqual([]);
          if (taken.do === 'time_entries.split' && answer !== null)
            checkSplit(before, entries, answer.entries!);
          if (taken.do === 'time_entries.update' && answer !== null) checkMove(taken.move, before, entries);
        }
        await checkTotals(teo);
      }),
      { numRuns: 16 },
    );
    // Of what is always refused nothing is proved.
    expect([...done].filter(([, times]) => times > 3)).toHaveLength(10);
  },
);

/** A split loses no second and moves neither end. */
const checkSplit = (before: Stored[], after: Stored[], parts: Entry[]) => {
  const was = before.find(({ id }) => id === parts[0]!.id)!;
  const are = parts.map((part) => after.find(({ id }) => id === part.id)!);
  expect(are[0]!.started_at?.toString()).toBe(was.started_at?.toString());
  expect(are.at(-1)!.ended_at?.toString()).toBe(was.ended_at?.toString());
  expect(are.at(-1)!.state).toBe(was.state);
  if (was.state !== 'running')
    expect(are.reduce((sum, { duration_seconds }) => sum + duration_seconds, 0)).toBe(was.duration_seconds);
};

/** A new end never moves the start, a new start never the end, another zone neither. */
const checkMove = (moved: string, before: Stored[], after: Stored[]) => {
  for (const was of before) {
    const is = after.find(({ id }) => id === was.id)!;
    if (moved !== 'started_at') expect(is.started_at?.toString()).toBe(was.started_at?.toString());
    if (moved === 'started_at' || moved === 'timezone')
      expect(is.ended_at?.toString()).toBe(was.ended_at?.toString());
    if (moved === 'timezone') expect(is.duration_seconds).toBe(was.duration_seconds);
  }
};

/** The totals of the list are the sum of what it shows, and pages show everything once. */
const checkTotals = async (person: Person) => {
  const seen: Entry[] = [];
  let cursor: string | null = null;
  let totals: EntryPage['meta']['totals'];
  do {
    const page: EntryPage = await call<EntryPage>(house, person, 'time_entries.list', {
      limit: 3,
      ...(cursor === null ? {} : { cursor }),
    });
    seen.push(...page.data);
    ({ totals } = page.meta);
    cursor = page.meta.next_cursor;
  } while (cursor !== null);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
  expect(totals.entries).toBe(seen.length);
  expect(totals.seconds).toBe(seen.reduce((sum, entry) => sum + entry.duration_seconds, 0));
};

test('any number of people’s tools at once leave one timer running', async () => {
  house.setNow(start);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 12 }), async (steps) => {
      const { teo } = await makeWorkspace(house, { settings: { overlap_policy: 'allow' } });
      await Promise.all(steps.filter((taken) => taken.do !== 'wait').map((taken) => take(teo, taken, [])));
      const entries = await stored(teo);
      expect(
        entries.filter(({ state, deleted_at }) => state === 'running' && deleted_at === null).length,
      ).toBeLessThanOrEqual(1);
      for (const entry of entries) checkEntry(entry);
    }),
    { numRuns: 8 },
  );
  expect(house.logged).toEqual([]);
});
