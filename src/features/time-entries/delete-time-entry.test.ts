import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { approve, type EntryPage, log, look } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');
const remove = 'time_entries.delete';

test('deletes, says until when it can be restored, and the id is then not found', async () => {
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { duration: '1:00' });
  expect(await call(house, teo, remove, { id })).toEqual({
    deleted: id,
    duration_seconds: 3600,
    restorable_until: '2026-11-04T11:00:00+01:00',
  });
  expect((await refusalOf(look(house, teo, id))).code).toBe('not_found');
  expect((await refusalOf(call(house, teo, remove, { id }))).code).toBe('not_found');
  const list = (input: object) => call<EntryPage>(house, teo, 'time_entries.list', input);
  expect((await list({})).meta.totals.entries).toBe(0);
  expect((await list({ deleted: true })).data.map((entry) => entry.id)).toEqual([id]);
});

test('a dry run changes nothing', async () => {
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { duration: '1:00' });
  expect(await call(house, teo, remove, { id, dry_run: true })).toMatchObject({
    deleted: id,
    meta: { dry_run: true },
  });
  expect((await look(house, teo, id)).entry.version).toBe(1);
});

test('does not delete what is locked, changed since, or another’s', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { id } = await log(house, noor, { duration: '1:00' });
  expect((await refusalOf(call(house, teo, remove, { id }))).code).toBe('access_denied');
  expect((await refusalOf(call(house, noor, remove, { id, expected_version: 7 }))).code).toBe(
    'conflict_version',
  );
  await approve(house, id);
  expect((await refusalOf(call(house, noor, remove, { id }))).code).toBe('entry_locked');
});
