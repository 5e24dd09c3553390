import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeClient, makeInvoice } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { log, look } from '#testing/time.ts';

const house = await openTestHouse();

test('deletes a draft and frees its time, for whoever bills it next', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { client, project } = await makeClient(house, noor, { rate: '60' });
  const entry = await log(house, teo, { project_id: project, date: '2026-10-01', duration_seconds: 3600 });
  const { id } = await makeInvoice(house, noor, { client, from_time: {} });
  const gone = await call(house, noor, 'invoices.delete', { id, dry_run: true });
  expect(gone).toMatchObject({ released_entries: 1, meta: { dry_run: true } });
  expect(await look(house, teo, entry.id)).toMatchObject({ entry: { invoice: { id } } });
  await call(house, noor, 'invoices.delete', { id });
  expect(await look(house, teo, entry.id)).toMatchObject({ entry: { invoice: null } });
  expect(await refusalOf(call(house, noor, 'invoices.get', { id }))).toMatchObject({ code: 'not_found' });
});
