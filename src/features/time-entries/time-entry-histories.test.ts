import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dateIn, secondsBetween } from '#values/local-time.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person } from '#testing/people.ts';
import { type Entry, type EntryPage, zones } from '#testing/time.ts';
import { history, sharedTime, step, type Stored, timeHistories } from '#testing/time-histories.ts';

// Properties that hold whatever anybody does in whatever order: they are looked for in random histories on the real store.
const house = await openTestHouse();
const start = Temporal.Instant.from('2026-10-24T20:00:00Z');
const { done, stored, take } = timeHistories(house);

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

test.each(['allow', 'forbid'])(
  '1, 2, 3, 6, 7 after any history: one timer runs at most, seconds are the sum of the stretches, the day is that of the start (overlaps: %s)',
  async (overlap_policy) => {
    done.clear();
    await fc.assert(
      fc.asyncProperty(history, fc.constantFrom(...zones), async (steps, timezone) => {
        house.setNow(start);
        const { teo } = await makeWorkspace(house, { timezone, settings: { overlap_policy } });
        let entries: Stored[] = [];
        let shared = 0;
        for (const taken of steps) {
          const before = entries;
          const answer = await take(teo, taken, before);
          entries = await stored(teo);
          const alive = entries.filter(({ deleted_at }) => deleted_at === null);
          expect(alive.filter(({ state }) => state === 'running').length).toBeLessThanOrEqual(1);
          for (const entry of entries) checkEntry(entry);
          const shares = sharedTime(alive, house.clock());
          // A timer may run into what lies ahead, as time goes by; nothing that anybody does makes time meet.
          if (overlap_policy === 'forbid' && taken.do !== 'wait') expect(shares).toBeLessThanOrEqual(shared);
          shared = shares;
          if (taken.do === 'time_entries.split' && answer !== null)
            checkSplit(before, entries, answer.entries!, taken.seconds);
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

/** A split is where it was wanted, loses no second and moves neither end. */
const checkSplit = (before: Stored[], after: Stored[], parts: Entry[], seconds: number) => {
  const was = before.find(({ id }) => id === parts[0]!.id)!;
  const are = parts.map((part) => after.find(({ id }) => id === part.id)!);
  expect(are[0]!.duration_seconds).toBe(seconds);
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

test.each(['allow', 'forbid'])(
  '1, 7 any number of one person’s tools at once leave one timer running, and every entry whole (overlaps: %s)',
  async (overlap_policy) => {
    done.clear();
    const together = fc.array(step, { minLength: 6, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(together, { minLength: 3, maxLength: 4 }), async (rounds) => {
        house.setNow(start);
        const { teo } = await makeWorkspace(house, { settings: { overlap_policy } });
        let entries: Stored[] = [];
        let shared = 0;
        for (const steps of rounds) {
          const known = entries;
          const [waits, others] = [true, false].map((is) =>
            steps.filter((taken) => (taken.do === 'wait') === is),
          );
          await Promise.all(others!.map((taken) => take(teo, taken, known)));
          entries = await stored(teo);
          const alive = entries.filter(({ deleted_at }) => deleted_at === null);
          expect(alive.filter(({ state }) => state === 'running').length).toBeLessThanOrEqual(1);
          if (overlap_policy === 'forbid')
            expect(sharedTime(alive, house.clock())).toBeLessThanOrEqual(shared);
          for (const taken of waits!) await take(teo, taken, entries);
          shared = sharedTime(alive, house.clock());
          for (const entry of entries) checkEntry(entry);
        }
      }),
      { numRuns: 8 },
    );
    expect([...done].filter(([, times]) => times > 1).length).toBeGreaterThan(6);
    expect(house.logged).toEqual([]);
  },
);
