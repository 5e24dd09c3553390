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
  const again = call(house, noor, 'invoices.credit', { id: invoice.id, reason: 'Twice' });
  expect(await refusalOf(again)).toMatchObject({ code: 'over_credit', details: { left: '0.00' } });
});

test('what was credited in part is credited no further than it goes, and with the rest its time is free', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { client, project } = await makeClient(house, noor, { rate: '100.00' });
  const entry = await log(house, teo, { project_id: project, date: '2026-10-01', duration_seconds: 10_800 });
  const { invoice } = await call<InvoiceAnswer>(house, noor, 'invoices.create', {
    client_id: client,
    from_time: {},
  });
  const { id, lines } = await finalize(house, noor, invoice.id);
  const credit = (quantity?: string) =>
    call<InvoiceAnswer>(house, noor, 'invoices.credit', {
      id,
      reason: 'Too much',
      ...(quantity === undefined ? {} : { lines: [{ line_id: lines[0]!.id, quantity }] }),
    });
  await finalize(house, noor, (await credit('1')).invoice.id);
  expect((await look(house, teo, entry.id)).entry.locked_by).not.toBeNull();
  for (const tooMuch of [undefined, '2.5']) {
    const refused = await refusalOf(credit(tooMuch));
    expect(refused).toMatchObject({ code: 'over_credit', details: { left: '200.00', currency: 'EUR' } });
    expect(refused.message).toContain('only 200.00 EUR can still be credited');
  }
  await finalize(house, noor, (await credit('2')).invoice.id);
  expect(await showInvoice(house, noor, id)).toMatchObject({ balance: '0.00', credited: '300.00' });
  expect((await look(house, teo, entry.id)).entry.locked_by).toBeNull();
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
