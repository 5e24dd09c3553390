import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeWorkspace } from '#testing/people.ts';
import { makeWork, resolve, setRate } from '#testing/rates.ts';
import { approve, type Entry, log, look } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-20T12:00:00Z');
const order = ['task', 'project_member', 'project', 'client', 'member', 'workspace'] as const;
type Level = (typeof order)[number];

const day = fc.integer({ min: 1, max: 20 }).map((at) => `2026-10-${String(at).padStart(2, '0')}`);
const change = fc.record({
  level: fc.constantFrom<Level>(...order),
  rate: fc.option(
    fc.integer({ min: 0, max: 99 }).map((whole) => `${whole}.00`),
    { freq: 3 },
  ),
  valid_from: day,
});
interface Step {
  level: Level;
  rate: string | null;
  valid_from: string;
}

/** What the cascade has to say, by its definition: of each level the newest row that began, and the first that is a rate. */
const expected = (set: readonly Step[], on: string): [string | null, string] => {
  for (const level of order) {
    const latest = set
      .filter((one) => one.level === level && one.valid_from <= on)
      .reduce<Step | null>(
        (best, one) => (best === null || one.valid_from >= best.valid_from ? one : best),
        null,
      );
    if (latest?.rate != null) return [latest.rate, level];
  }
  return [null, 'none'];
};

const lasting: Step[] = [];
const remember = (steps: readonly Step[]) =>
  lasting.push(...steps.filter(({ level }) => level === 'member' || level === 'workspace'));

test('14 the rate is the first that a level has, it is kept with the time, and changes only what it is told to change', async () => {
  const { ada, teo } = await makeWorkspace(house);
  let rerated = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 5 }),
      fc.array(day, { minLength: 3, maxLength: 5 }),
      change,
      async (before, days, after) => {
        const { client, project, task } = await makeWork(house, ada);
        const target = {
          task: { target_id: task },
          project_member: { target_id: project, member_id: teo.membershipId },
          project: { target_id: project },
          client: { target_id: client },
          member: { member_id: teo.membershipId },
          workspace: {},
        };
        // What is set for a person or the workspace stays from one example to the next.
        const steps: Step[] = [...lasting];
        for (const step of before) {
          await setRate(house, ada, { ...target[step.level], ...step });
          steps.push(step);
        }
        remember(before);
        const entries: Entry[] = [];
        for (const date of days) {
          const entry = await log(house, teo, { task_id: task, date, duration: '1:00' });
          const seen = (await look(house, ada, entry.id)).entry;
          expect([seen.rate, seen.rate_source]).toEqual(expected(steps, date));
          const found = await resolve(house, ada, { entry_id: entry.id });
          expect([found.rate, found.source]).toEqual([seen.rate, seen.rate_source]);
          entries.push(seen);
        }
        const rates = async () => {
          const now = await Promise.all(entries.map(({ id }) => look(house, ada, id)));
          return now.map(({ entry: { rate, rate_source } }) => [rate, rate_source]);
        };
        const kept = entries.map(({ rate, rate_source }) => [rate, rate_source]);
        await setRate(house, ada, { ...target[after.level], ...after });
        remember([after]);
        expect(await rates()).toEqual(kept);

        await approve(house, entries[0]!.id);
        const applied = { ...target[after.level], ...after, apply: 'unbilled_from:2026-10-01' };
        const { entry_ids } = await setRate(house, ada, applied);
        const then = await rates();
        expect(then[0]).toEqual(kept[0]);
        for (const [at, { id, local_date }] of entries.entries()) {
          if (at === 0) continue;
          const [rate, source] = expected([...steps, after], local_date);
          const decides = source === after.level || kept[at]![1] === after.level;
          expect(then[at]).toEqual(decides ? [rate, source] : kept[at]);
          const differs = JSON.stringify(then[at]) !== JSON.stringify(kept[at]);
          expect(entry_ids.includes(id)).toBe(differs);
          rerated += differs ? 1 : 0;
        }
      },
    ),
    { numRuns: 20, seed: 14 },
  );
  expect(rerated).toBeGreaterThan(5);
});
