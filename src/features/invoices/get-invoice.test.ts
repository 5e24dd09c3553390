import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { confirmOf, finalize, makeClient, makeInvoice } from '#testing/invoices.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { log } from '#testing/time.ts';

const house = await openTestHouse();

test('shows the time that an invoice bills, when asked, each entry with its share', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { client, project } = await makeClient(house, noor, { rate: '10' });
  for (const day of ['2026-10-01', '2026-10-02', '2026-10-03']) {
    await log(house, teo, { project_id: project, date: day, duration_seconds: 1200 });
  }
  const { id } = await makeInvoice(house, noor, { client, from_time: {}, lines: undefined });
  const { entries } = await call<{ entries: { amount: string }[] }>(house, noor, 'invoices.get', {
    id,
    include: ['entries'],
  });
  expect(entries.map(({ amount }) => amount)).toEqual(['3.34', '3.33', '3.33']);
});

test('its content hash changes exactly when what stands on it does', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeInvoice(house, noor);
  const hash = async () => (await confirmOf(house, noor, id)).content_hash;
  const first = await hash();
  expect(await hash()).toBe(first);
  await call(house, noor, 'invoices.update', { id, notes: 'Thank you' });
  expect(await hash()).not.toBe(first);
  await call(house, noor, 'invoices.update', { id, notes: null });
  expect(await hash()).toBe(first);
  await finalize(house, noor, id);
  expect(await hash()).toBe(first);
});
