import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { finalize, makeClient, makeInvoice, showInvoice, type InvoiceAnswer } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { log, look } from '#testing/time.ts';

const house = await openTestHouse();

test('a credit note of the whole invoice leaves nothing owed and frees its time', async () => {
  const workspace = await makeWorkspace(house);
  const { noor, teo } = workspace;
  const { client, project } = await makeClient(house, noor, { rate: '77.77' });
  const entry = await log(house, teo, { project_id: project, date: '2026-10-01', duration_seconds: 4321 });
  const { invoice } = await call<InvoiceAnswer>(house, noor, 'invoices.create', {
    client_id: client,
    from_time: {},
    lines: [{ description: 'Fee', unit_price: '9.99', discount: { amount: '1.00' } }],
    discount: { amount: '5.00' },
  });
  const { total } = await finalize(house, noor, invoice.id);
  const { invoice: note } = await call<InvoiceAnswer>(house, noor, 'invoices.credit', {
    id: invoice.id,
    reason: 'Not delivered',
  });
  expect(note).toMatchObject({ kind: 'credit_note', total: `-${total}`, corrects: { id: invoice.id } });
  expect(await finalize(house, noor, note.id)).toMatchObject({
    number: expect.stringMatching(/^CN-/),
    balance: '0.00',
  });
  expect(await showInvoice(house, noor, invoice.id)).toMatchObject({
    balance: '0.00',
    credited: total,
    status: 'paid',
  });
  expect(await look(house, teo, entry.id)).toMatchObject({ entry: { locked_by: null } });
  const again = (
    await call<InvoiceAnswer>(house, noor, 'invoices.credit', { id: invoice.id, reason: 'Twice' })
  ).invoice;
  expect(await refusalOf(finalize(house, noor, again.id))).toMatchObject({ code: 'over_credit' });
});

test('credits a part of a line, with its part of the discount', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, lines } = await makeInvoice(house, noor, { discount: { amount: '35.00' } });
  await finalize(house, noor, id);
  const { invoice: note } = await call<InvoiceAnswer>(house, noor, 'invoices.credit', {
    id,
    reason: 'One day less',
    lines: [{ line_id: lines[0]!.id, quantity: '1' }],
  });
  expect(note).toMatchObject({ total: '-90.00', subtotal: '-100.00' });
});
