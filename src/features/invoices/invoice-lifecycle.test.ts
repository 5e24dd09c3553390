import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf, type TestWorkspace } from '#testing/people.ts';
import { log, look, makeProject } from '#testing/time.ts';

const house = await openTestHouse();
type Person = TestWorkspace['noor'];

interface Answer {
  invoice: {
    id: string;
    number: string | null;
    status: string;
    total: string;
    balance: string;
    credited: string;
    lines: { id: string; quantity: string; net: string }[];
  };
}
const make = async (person: Person, input: object = {}) => {
  const { client } = await call<{ client: { id: string } }>(house, person, 'clients.create', {
    name: 'Acme',
  });
  const lines = [
    { description: 'Design', quantity: '3', unit_price: '100.00' },
    { description: 'Print', quantity: '1.5', unit_price: '33.33' },
  ];
  return (await call<Answer>(house, person, 'invoices.create', { client_id: client.id, lines, ...input }))
    .invoice;
};
let keys = 0;
const finalize = async (person: Person, id: string) => {
  const { content_hash, invoice } = await call<Answer & { content_hash: string }>(
    house,
    person,
    'invoices.get',
    { id },
  );
  const confirm = { content_hash, total: invoice.total, currency: 'EUR' };
  keys += 1;
  return (
    await call<Answer>(house, person, 'invoices.finalize', {
      id,
      confirm,
      idempotency_key: `finalize-${keys}`,
    })
  ).invoice;
};
const show = async (person: Person, id: string) =>
  (await call<Answer>(house, person, 'invoices.get', { id })).invoice;

test('a number is given when an invoice is issued, one after the other, and a deleted draft takes none', async () => {
  const { noor } = await makeWorkspace(house);
  const [first, deleted, second] = [await make(noor), await make(noor), await make(noor)];
  expect(first.number).toBeNull();
  const year = String(house.clock().toZonedDateTimeISO('UTC').year);
  expect(await finalize(noor, first.id)).toMatchObject({
    number: `INV-${year}-0001`,
    status: 'sent',
    balance: '350.00',
  });
  await call(house, noor, 'invoices.delete', { id: deleted.id });
  expect(await finalize(noor, second.id)).toMatchObject({ number: `INV-${year}-0002` });
});

test('many who issue at once get the numbers from 1 on, none twice and none left out', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const drafts = await Promise.all(Array.from({ length: 12 }, () => make(noor)));
  const issued = await Promise.all(drafts.map(({ id }, at) => finalize(at % 2 === 0 ? noor : ada, id)));
  const numbers = issued.map(({ number }) => Number(number?.slice(-4))).toSorted((one, other) => one - other);
  expect(numbers).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
});

test('issues only what was confirmed', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, total } = await make(noor);
  const { content_hash } = await call<{ content_hash: string }>(house, noor, 'invoices.get', { id });
  await call(house, noor, 'invoices.update', { id, notes: 'Thank you' });
  const idempotency_key = 'stale-hash';
  const stale = call(house, noor, 'invoices.finalize', {
    id,
    confirm: { content_hash, total, currency: 'EUR' },
    idempotency_key,
  });
  expect(await refusalOf(stale)).toMatchObject({
    code: 'confirmation_mismatch',
    fixTool: 'invoices.preview',
  });
  expect(await show(noor, id)).toMatchObject({ status: 'draft', number: null });
});

test('what was issued does not change: it is not edited, deleted or issued again', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, lines } = await make(noor);
  const { number } = await finalize(noor, id);
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

test('voiding frees the time and keeps the number', async () => {
  const workspace = await makeWorkspace(house);
  const { noor, ada, teo } = workspace;
  const { client } = await call<{ client: { id: string } }>(house, noor, 'clients.create', {
    name: 'Acme',
    rate: '60',
  });
  const project = await makeProject(house, noor, { client_id: client.id });
  const entry = await log(house, teo, { project_id: project, date: '2026-10-01', duration_seconds: 3600 });
  const { invoice } = await call<Answer>(house, noor, 'invoices.create', {
    client_id: client.id,
    from_time: {},
  });
  const { number } = await finalize(noor, invoice.id);
  expect(
    await refusalOf(call(house, noor, 'invoices.void', { id: invoice.id, reason: 'Wrong client' })),
  ).toMatchObject({ code: 'role_too_low' });
  const voided = await call<Answer>(house, ada, 'invoices.void', { id: invoice.id, reason: 'Wrong client' });
  expect(voided).toMatchObject({
    released_entries: 1,
    invoice: { status: 'void', number, void_reason: 'Wrong client' },
  });
  expect(await look(house, teo, entry.id)).toMatchObject({ entry: { locked_by: null } });
});

test('a credit note of the whole invoice leaves nothing owed and frees its time', async () => {
  const workspace = await makeWorkspace(house);
  const { noor, teo } = workspace;
  const { client } = await call<{ client: { id: string } }>(house, noor, 'clients.create', {
    name: 'Acme',
    rate: '77.77',
  });
  const project = await makeProject(house, noor, { client_id: client.id });
  const entry = await log(house, teo, { project_id: project, date: '2026-10-01', duration_seconds: 4321 });
  const { invoice } = await call<Answer>(house, noor, 'invoices.create', {
    client_id: client.id,
    from_time: {},
    lines: [{ description: 'Fee', unit_price: '9.99', discount: { amount: '1.00' } }],
    discount: { amount: '5.00' },
  });
  const { total } = await finalize(noor, invoice.id);
  const { invoice: note } = await call<Answer>(house, noor, 'invoices.credit', {
    id: invoice.id,
    reason: 'Not delivered',
  });
  expect(note).toMatchObject({ kind: 'credit_note', total: `-${total}`, corrects: { id: invoice.id } });
  expect(await finalize(noor, note.id)).toMatchObject({
    number: expect.stringMatching(/^CN-/),
    balance: '0.00',
  });
  expect(await show(noor, invoice.id)).toMatchObject({ balance: '0.00', credited: total, status: 'paid' });
  expect(await look(house, teo, entry.id)).toMatchObject({ entry: { locked_by: null } });
  const again = (await call<Answer>(house, noor, 'invoices.credit', { id: invoice.id, reason: 'Twice' }))
    .invoice;
  expect(await refusalOf(finalize(noor, again.id))).toMatchObject({ code: 'over_credit' });
});

test('credits a part of a line, with its part of the discount', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, lines } = await make(noor, { discount: { amount: '35.00' } });
  await finalize(noor, id);
  const { invoice: note } = await call<Answer>(house, noor, 'invoices.credit', {
    id,
    reason: 'One day less',
    lines: [{ line_id: lines[0]!.id, quantity: '1' }],
  });
  expect(note).toMatchObject({ total: '-90.00', subtotal: '-100.00' });
});

test('a copy has the same totals and bills no time', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, total } = await make(noor);
  expect(await call(house, noor, 'invoices.duplicate', { id })).toMatchObject({
    invoice: { total, status: 'draft', number: null },
  });
});
