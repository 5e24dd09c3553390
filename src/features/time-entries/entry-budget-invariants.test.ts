import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '#values/refusal.ts';
import { hour, makeBudgeted } from '#testing/budget.ts';
import { openTestHouse } from '#testing/house.ts';
import { call } from '#testing/people.ts';

const house = await openTestHouse();
const noon = '2026-10-20T10:00:00Z';
house.setNow(noon);
const setUp = (budget: object = {}, settings: object = {}) => makeBudgeted(house, budget, settings);

test('many at the same moment take the rest once', async () => {
  const { teo, noor, ada, mara, project_id, used, spend } = await setUp();
  await spend(7);
  const all = [teo, noor, ada, mara, teo, noor, ada, mara];
  const done = await Promise.allSettled(
    all.map((person) => call(house, person, 'time_entries.create', { project_id, duration: '1:00' })),
  );
  expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  expect(await used()).toBe(10 * hour);
  expect(house.logged).toEqual([]);
});

const write = fc.record({
  do: fc.constantFrom(
    ...(['create', 'create', 'create', 'create', 'retime', 'retime', 'bill', 'split'] as const),
    ...(['away', 'move', 'move', 'delete', 'restore', 'restore'] as const),
  ),
  pick: fc.nat(10),
  // Two or three of these fill the budget.
  minutes: fc.oneof(fc.nat(60), fc.integer({ min: 150, max: 400 })),
  on: fc.constantFrom('2026-09-30', '2026-10-01', '2026-10-31', '2026-10-31'),
});

test.each([
  { kind: 'seconds', seconds: 10 * hour, period: 'total' },
  { kind: 'seconds', seconds: 10 * hour, period: 'month' },
  { kind: 'money', seconds: undefined, amount: '1000.00', period: 'month' },
])('no history of writes goes beyond a hard stop: %j', async (budget) => {
  const stopped = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(write, { minLength: 16, maxLength: 28 }), async (writes) => {
      const { teo, noor, project_id } = await setUp(budget);
      const ids: string[] = [];
      // What can come back: deleted, or put elsewhere.
      const back = { restore: [] as string[], move: [] as string[] };
      for (const { do: verb, pick, minutes, on } of writes) {
        const among = verb === 'restore' || verb === 'move' ? back[verb] : ids;
        const id = among[pick % Math.max(1, among.length)];
        const time = { date: on, duration_seconds: minutes * 60 };
        const given: Record<typeof verb, [string, object]> = {
          create: ['create', { ...time, project_id, billable: pick % 3 > 0 }],
          retime: ['update', { id, ...time }],
          move: ['update', { id, project_id, re_rate: true }],
          away: ['update', { id, project_id: null }],
          bill: ['update', { id, billable: pick % 2 === 0 }],
          delete: ['delete', { id }],
          restore: ['restore', { id }],
          split: ['split', { id, seconds: [minutes * 60 + 1] }],
        };
        const [name, input] = given[verb];
        if (name !== 'create' && id === undefined) continue;
        try {
          const answer = await call<{ entry?: { id: string }; entries?: { id: string }[] }>(
            house,
            teo,
            `time_entries.${name}`,
            input,
          );
          if (name === 'create') ids.push(answer.entry!.id);
          if (verb === 'delete') back.restore.push(id!);
          if (verb === 'away') back.move.push(id!);
          for (const part of answer.entries?.slice(1) ?? []) ids.push(part.id);
        } catch (error) {
          if (!(error instanceof Refusal) || error.code === 'internal_error') throw error;
          if (error.code === 'budget_exhausted') stopped.add(verb);
        }
        for (const now of ['2026-09-30T12:00:00Z', noon]) {
          house.setNow(now);
          const { project } = await call<{
            project: { budget: { used: { seconds: number; amount: string } } };
          }>(house, noor, 'projects.get', { id: project_id });
          const { seconds, amount } = project.budget.used;
          if (budget.kind === 'seconds') expect(seconds).toBeLessThanOrEqual(10 * hour);
          else expect(Number(amount)).toBeLessThanOrEqual(1000);
        }
      }
    }),
    { numRuns: 20 },
  );
  // A stop that nothing comes to proves nothing.
  expect([...stopped]).toEqual(expect.arrayContaining(['create', 'retime', 'move']));
});
