import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { finalize, makeClient, showInvoice, type InvoiceAnswer } from '#testing/invoices.ts';
import { creditWhole } from '#testing/payments.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { log, look } from '#testing/time.ts';

const house = await openTestHouse();

/** An hour of time on an issued invoice that a credit note took back whole. */
const credited = async () => {
  const { noor, ada, teo } = await makeWorkspace(house);
  const { client, project } = await makeClient(house, noor, { rate: '60' });
  const entry = await log(house, teo, { project_id: project, date: '2026-10-01', duration_seconds: 3600 });
  const bill = () =>
    call<InvoiceAnswer>(house, noor, 'invoices.create', { client_id: client, from_time: {} });
  const { invoice } = await bill();
  await finalize(house, noor, invoice.id);
  const note = await creditWhole(house, noor, invoice.id);
  const undo = () => call(house, ada, 'invoices.void', { id: note, reason: 'It was delivered after all' });
  const lockedBy = async () => (await look(house, teo, entry.id)).entry.locked_by;
  return { noor, invoice, bill, undo, lockedBy };
};

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
  for (const change of [{ notes: 'x' }, { discount: null }, { scheduled: false }]) {
    const refused = await refusalOf(call(house, ada, 'invoices.update', { id: invoice.id, ...change }));
    expect(refused.message).toContain(`${number} was voided and does not change any more`);
  }
  expect(await look(house, teo, entry.id)).toMatchObject({ entry: { locked_by: null } });
});

test('a voided credit note leaves the invoice owed, and its time billed by it', async () => {
  const { noor, invoice, undo, lockedBy } = await credited();
  expect(await lockedBy()).toBeNull();
  await undo();
  expect(await showInvoice(house, noor, invoice.id)).toMatchObject({ balance: '60.00', credited: '0.00' });
  expect(await lockedBy()).not.toBeNull();
});

test('a credit note is not voided while the time that it freed is on another invoice', async () => {
  const { noor, invoice, bill, undo, lockedBy } = await credited();
  const again = await bill();
  const refused = await refusalOf(undo());
  expect(refused).toMatchObject({ code: 'invalid_state' });
  expect(refused.message).toContain(again.invoice.id);
  expect(await showInvoice(house, noor, invoice.id)).toMatchObject({ balance: '0.00' });
  await call(house, noor, 'invoices.delete', { id: again.invoice.id });
  await undo();
  expect(await lockedBy()).not.toBeNull();
});
