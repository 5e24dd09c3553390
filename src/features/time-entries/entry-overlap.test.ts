import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { log, type Logged } from '#testing/time.ts';

const house = await openTestHouse();
// A Monday noon in Berlin.
house.setNow('2026-10-05T10:00:00Z');

const create = 'time_entries.create';
const local = { started_at: '2026-10-04T13:30', ended_at: '2026-10-04T15:30' };

test('warns of overlapping time by default, and names it', async () => {
  const { teo } = await makeWorkspace(house);
  const first = await log(house, teo, local);
  const answer = await call<Logged>(house, teo, create, { started_at: '2026-10-04T15:00', duration: '1:00' });
  expect(answer.overlaps).toEqual([
    { entry_id: first.id, started_at: '2026-10-04T13:30:00+02:00', ended_at: '2026-10-04T15:30:00+02:00' },
  ]);
  expect(answer.meta?.warnings?.[0]).toContain(first.id);
});

test('forbids overlapping time where the workspace or the call says so; touching is no overlap', async () => {
  const { teo, noor } = await makeWorkspace(house, { settings: { overlap_policy: 'forbid' } });
  const first = await log(house, teo, local);
  const over = { started_at: '2026-10-04T15:29:59', duration: '1:00' };
  const refusal = await refusalOf(call(house, teo, create, over));
  expect(refusal).toMatchObject({ code: 'overlap', details: { conflicts: [{ entry_id: first.id }] } });
  await log(house, teo, { started_at: '2026-10-04T15:30', duration: '1:00' });
  await log(house, teo, { started_at: '2026-10-04T12:30', ended_at: '2026-10-04T13:30' });
  await log(house, noor, over);
  const lax = await makeWorkspace(house, { settings: { overlap_policy: 'allow' } });
  await log(house, lax.teo, local);
  expect((await refusalOf(call(house, lax.teo, create, { ...local, on_overlap: 'forbid' }))).code).toBe(
    'overlap',
  );
  expect((await call<Logged>(house, lax.teo, create, local)).overlaps).toEqual([]);
});

test('a running timer has no end: time after its start overlaps it', async () => {
  const { teo } = await makeWorkspace(house, { settings: { overlap_policy: 'forbid' } });
  await log(house, teo, { started_at: '2026-10-05T11:00' });
  expect(
    (await refusalOf(call(house, teo, create, { started_at: '2026-10-06T09:00', duration: '1:00' }))).code,
  ).toBe('overlap');
  await log(house, teo, { started_at: '2026-10-05T10:00', ended_at: '2026-10-05T11:00' });
});
