import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { confirmOf, makeInvoice, type InvoiceAnswer } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

test('notes that an invoice was sent by post; a draft is issued first, as it was confirmed', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeInvoice(house, noor);
  expect(await refusalOf(call(house, noor, 'invoices.mark_sent', { id }))).toMatchObject({
    field: 'confirm',
  });
  const confirm = await confirmOf(house, noor, id);
  const sent = await call<InvoiceAnswer>(house, noor, 'invoices.mark_sent', { id, confirm });
  expect(sent.invoice).toMatchObject({ status: 'sent', sent_at: expect.any(String) });
  expect(sent.invoice.number).not.toBeNull();
  const again = await call<InvoiceAnswer>(house, noor, 'invoices.mark_sent', { id });
  expect(again.invoice.number).toBe(sent.invoice.number);
});

test('says so where another day is noted already', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeInvoice(house, noor);
  const confirm = await confirmOf(house, noor, id);
  const mark = (input: object) =>
    call<InvoiceAnswer & { meta?: { warnings?: string[] } }>(house, noor, 'invoices.mark_sent', {
      id,
      ...input,
    });
  const { sent_at } = (await mark({ confirm, on: '2026-09-01' })).invoice;
  const other = await mark({ on: '2026-09-02' });
  expect(other.meta?.warnings).toEqual([
    expect.stringMatching(/^INV-\d+-0001 was sent on 2026-09-01 already; that stays\.$/),
  ]);
  expect(other.invoice.sent_at).toBe(sent_at);
  expect((await mark({ on: '2026-09-01' })).meta?.warnings).toBeUndefined();
});
