import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { confirmOf, finalize, makeClient, makeInvoice, newKey, showInvoice } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

test('a number is given when an invoice is issued, one after the other, and a deleted draft takes none', async () => {
  const { noor } = await makeWorkspace(house);
  const [first, deleted, second] = [
    await makeInvoice(house, noor),
    await makeInvoice(house, noor),
    await makeInvoice(house, noor),
  ];
  expect(first.number).toBeNull();
  const year = String(house.clock().toZonedDateTimeISO('UTC').year);
  expect(await finalize(house, noor, first.id)).toMatchObject({
    number: `INV-${year}-0001`,
    status: 'sent',
    balance: '350.00',
  });
  await call(house, noor, 'invoices.delete', { id: deleted.id });
  expect(await finalize(house, noor, second.id)).toMatchObject({ number: `INV-${year}-0002` });
});

test('many who issue at once get the numbers from 1 on, none twice and none left out', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const drafts = await Promise.all(Array.from({ length: 12 }, () => makeInvoice(house, noor)));
  const issued = await Promise.all(
    drafts.map(({ id }, at) => finalize(house, at % 2 === 0 ? noor : ada, id)),
  );
  const numbers = issued.map(({ number }) => Number(number?.slice(-4))).toSorted((one, other) => one - other);
  expect(numbers).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
});

test('issues only what was confirmed', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, total } = await makeInvoice(house, noor);
  const { content_hash } = await call<{ content_hash: string }>(house, noor, 'invoices.get', { id });
  await call(house, noor, 'invoices.update', { id, notes: 'Thank you' });
  const idempotency_key = newKey();
  const stale = call(house, noor, 'invoices.finalize', {
    id,
    confirm: { content_hash, total, currency: 'EUR' },
    idempotency_key,
  });
  expect(await refusalOf(stale)).toMatchObject({
    code: 'confirmation_mismatch',
    fixTool: 'invoices.preview',
  });
  expect(await showInvoice(house, noor, id)).toMatchObject({ status: 'draft', number: null });
});

test('what was issued does not change: it is not edited, deleted or issued again', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, lines } = await makeInvoice(house, noor);
  const { number } = await finalize(house, noor, id);
  for (const [operation, input] of [
    ['invoices.delete', { id }],
    ['invoices.update', { id, discount: { percent: '5' } }],
    ['invoices.update', { id, remove_line_ids: [lines[0]!.id] }],
  ] as const) {
    expect(await refusalOf(call(house, noor, operation, input))).toMatchObject({ code: 'invalid_state' });
  }
  expect(
    await call(house, noor, 'invoices.update', { id, due_date: '2027-12-31', notes: 'New account' }),
  ).toMatchObject({
    invoice: { number, due_date: '2027-12-31', notes: 'New account' },
  });
});

test('says so where a later number is of an earlier day, in the preview too; a new year has numbers of its own', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await makeClient(house, noor);
  const draftOf = (issue_date: string) => makeInvoice(house, noor, { client, issue_date });
  const issueOf = async (id: string) =>
    call<{ meta?: { warnings: string[] } }>(house, noor, 'invoices.finalize', {
      id,
      confirm: await confirmOf(house, noor, id),
      idempotency_key: newKey(),
    });
  const noticed = async (id: string) =>
    (await call<{ problems: string[] }>(house, noor, 'invoices.preview', { id, format: 'json' })).problems;
  expect((await issueOf((await draftOf('2026-03-10')).id)).meta?.warnings).toBeUndefined();
  const notice =
    'Numbers and dates are not in the same order: this is dated 2026-03-09, but INV-2026-0001, of 2026-03-10, has an earlier number.';
  const backdated = await draftOf('2026-03-09');
  expect(await noticed(backdated.id)).toContain(notice);
  expect((await issueOf(backdated.id)).meta?.warnings).toEqual([notice]);
  expect(await noticed(backdated.id)).not.toContain(notice);
  for (const day of ['2026-03-10', '2025-12-31'])
    expect((await issueOf((await draftOf(day)).id)).meta?.warnings).toBeUndefined();
});

test('what is not subject to tax is not issued with what is, and the preview says so', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const makeTax = async (input: object) =>
    (await call<{ tax_rate: { id: string } }>(house, ada, 'tax_rates.create', input)).tax_rate.id;
  const vat = await makeTax({ name: 'VAT', percent: '19' });
  const held = await makeTax({ name: 'Held back', percent: '15', withholding: true });
  const outside = await makeTax({
    name: 'Abroad',
    percent: '0',
    category: 'O',
    exemption_reason: 'Supplied elsewhere',
  });
  const line = (...tax_ids: string[]) => ({ description: 'Work', unit_price: '100.00', tax_ids });
  const mixed = await makeInvoice(house, noor, { lines: [line(outside), line(vat)] });
  const sentence = /"Abroad" \(category O, not subject to tax\) and "VAT" \(S\) cannot be on one invoice/;
  const { problems } = await call<{ problems: string[] }>(house, noor, 'invoices.preview', {
    id: mixed.id,
    format: 'json',
  });
  expect(problems).toContainEqual(expect.stringMatching(sentence));
  const refused = await refusalOf(finalize(house, noor, mixed.id));
  expect(refused).toMatchObject({ code: 'invalid_state', message: expect.stringMatching(sentence) });
  const update_lines = [{ id: mixed.lines[1]!.id, tax_ids: [outside, held] }];
  await call(house, noor, 'invoices.update', { id: mixed.id, update_lines });
  expect(await finalize(house, noor, mixed.id)).toMatchObject({ status: 'sent' });
});
