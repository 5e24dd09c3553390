import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { finalize, makeClient, type InvoiceAnswer } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { log, look } from '#testing/time.ts';

const house = await openTestHouse();

test('voiding frees the time and keeps the number', async () => {
  const workspace = await makeWorkspace(house);
  const { noor, ada, teo } = workspace;
  const { client, project } = await makeClient(house, noor, { rate: '60' });
  const entry = await log(house, teo, { project_id: project, date: '2026-10-01', duration_seconds: 3600 });
  const { invoice } = await call<InvoiceAnswer>(house, noor, 'invoices.create', {
    client_id: client,
    from_time: {},
  });
  const { number } = await finalize(house, noor, invoice.id);
  expect(
    await refusalOf(call(house, noor, 'invoices.void', { id: invoice.id, reason: 'Wrong client' })),
  ).toMatchObject({ code: 'role_too_low' });
  const voided = await call<InvoiceAnswer>(house, ada, 'invoices.void', {
    id: invoice.id,
    reason: 'Wrong client',
  });
  expect(voided).toMatchObject({
    released_entries: 1,
    invoice: { status: 'void', number, void_reason: 'Wrong client' },
  });
  expect(await look(house, teo, entry.id)).toMatchObject({ entry: { locked_by: null } });
});
