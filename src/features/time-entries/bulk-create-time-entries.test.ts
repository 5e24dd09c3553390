import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import type { EntryPage } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');

interface Bulk {
  results: { index: number; id?: string; error?: { code: string; field?: string } }[];
  succeeded: number;
  failed: number;
  meta?: { warnings?: string[]; dry_run?: true };
}
const bulk = (person: Person, input: object) => call<Bulk>(house, person, 'time_entries.bulk_create', input);
const count = async (person: Person) =>
  (await call<EntryPage>(house, person, 'time_entries.list')).meta.totals.entries;
const good = { date: '2026-10-01', duration: '1:00' };
const bad = { started_at: '2026-03-29T02:30', duration: '1:00' };

test('logs all of them, and leaves one audit entry that names them', async () => {
  const { id, teo } = await makeWorkspace(house);
  const { results, succeeded } = await bulk(teo, { items: [good, good, { ...good, summary: 'x' }] });
  expect(succeeded).toBe(3);
  const audits = await house.database.inWorkspace(id, house.clock(), (tx) =>
    tx.selectFrom('audit_logs').select(['action', 'after']).execute(),
  );
  expect(audits).toEqual([
    {
      action: 'time_entries.bulk_create',
      after: { entries: results.map((each) => expect.objectContaining({ id: each.id }) as object) },
    },
  ]);
});

test('is all or nothing, and names the item that could not be', async () => {
  const { teo } = await makeWorkspace(house);
  const refusal = await refusalOf(bulk(teo, { items: [good, bad, good] }));
  expect(refusal).toMatchObject({
    code: 'nonexistent_local_time',
    field: 'items[1].started_at',
    details: { index: 1 },
  });
  expect(refusal.message).toMatch(/^items\[1\]: /);
  expect(await count(teo)).toBe(0);
});

test('with atomic false does what can be done, and says what could not', async () => {
  const { teo, noor } = await makeWorkspace(house);
  const others = { ...good, member_id: noor.membershipId };
  const answer = await bulk(teo, { items: [good, bad, others, good], atomic: false });
  expect(answer).toMatchObject({ succeeded: 2, failed: 2 });
  expect(answer.results.map(({ error }) => error?.code)).toEqual([
    undefined,
    'nonexistent_local_time',
    'access_denied',
    undefined,
  ]);
  expect(answer.meta?.warnings?.[0]).toContain('2 of 4');
  expect(await count(teo)).toBe(2);
});

test('a dry run says the same and logs nothing', async () => {
  const { teo } = await makeWorkspace(house);
  expect(await bulk(teo, { items: [good], dry_run: true })).toMatchObject({
    succeeded: 1,
    meta: { dry_run: true },
  });
  expect(await count(teo)).toBe(0);
});

test('starts no timers, and items do not overlap each other where that is forbidden', async () => {
  const { teo } = await makeWorkspace(house);
  expect((await refusalOf(bulk(teo, { items: [{ started_at: '2026-10-05T11:00' }] }))).field).toBe(
    'items[0].duration',
  );
  const nine = { started_at: '2026-10-05T09:00', duration: '1:00' };
  expect(await refusalOf(bulk(teo, { items: [nine, nine], on_overlap: 'forbid' }))).toMatchObject({
    code: 'overlap',
    details: { index: 1 },
  });
});

test('takes at most 200', async () => {
  const { teo } = await makeWorkspace(house);
  expect((await refusalOf(bulk(teo, { items: Array(201).fill(good) }))).message).toContain('at most 200');
  expect((await bulk(teo, { items: Array(40).fill(good) })).succeeded).toBe(40);
});
