import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { issueDocument, pay } from '#testing/money.ts';
import { makeWorkspace } from '#testing/people.ts';
import { clientNamed, runReport } from '#testing/reports.ts';
import { type Id, newId } from '#values/id.ts';

const house = await openTestHouse();
house.setNow('2026-10-31T12:00:00Z');

test('ageing: what is owed by how long it is overdue, on any day', async () => {
  const { noor } = await makeWorkspace(house);
  const clientId = await clientNamed(house, noor, 'Acme');
  const other = await clientNamed(house, noor, 'Zeta');
  const issue = (number: string, dueOn: string, net: bigint, more: object = {}) =>
    issueDocument(house, noor, { clientId, number, issuedOn: '2026-06-01', dueOn, net, ...more });
  await issue('1', '2026-11-30', 100n);
  await issue('2', '2026-10-31', 200n);
  const half = await issue('3', '2026-10-30', 1000n);
  await pay(house, noor, half, 600n, '2026-10-20');
  await issue('4', '2026-09-30', 800n);
  await issue('5', '2026-09-29', 1600n);
  await issue('6', '2026-08-01', 3200n);
  await issue('7', '2026-07-31', 6400n, { currency: 'USD' });
  const paid = await issue('8', '2026-07-31', 5n);
  await pay(house, noor, paid, 5n, '2026-10-31');
  await issue('9', '2026-07-31', 7n, { status: 'void', voidedAt: '2026-10-15T12:00:00Z' });
  await issueDocument(house, noor, { clientId: other, number: '10', issuedOn: '2026-11-01', net: 9n });
  const { records, totals } = await runReport(house, noor, { type: 'ageing' });
  expect(records).toEqual([
    {
      client_id: clientId,
      client: 'Acme',
      currency: 'EUR',
      invoices: 6,
      current: '3.00',
      days_1_30: '4.00',
      days_31_60: '24.00',
      days_61_90: '0.00',
      days_over_90: '32.00',
      owed: '63.00',
    },
    expect.objectContaining({ currency: 'USD', days_over_90: '64.00', owed: '64.00' }),
  ]);
  expect(totals.currencies).toMatchObject([
    { currency: 'EUR', amounts: { owed: '63.00' } },
    { currency: 'USD', amounts: { owed: '64.00' } },
  ]);
  // On the tenth neither payment was there, and number 9 was not void.
  const before = await runReport(house, noor, { type: 'ageing', to: '2026-10-10', client_ids: [clientId] });
  expect(before.records[0]).toMatchObject({ invoices: 8, owed: '69.12' });
});

test('ageing of a day before a credit note: what the note took off was owed, what it gave back was not', async () => {
  const { noor } = await makeWorkspace(house);
  const clientId = await clientNamed(house, noor, 'Acme');
  const one = { clientId, dueOn: '2026-10-10' };
  const id = await issueDocument(house, noor, { ...one, number: '1', issuedOn: '2026-10-01', net: 10_000n });
  await pay(house, noor, id, 6000n, '2026-10-05');
  const note = await issueDocument(house, noor, {
    ...one,
    number: 'C1',
    kind: 'credit_note',
    correctsId: id,
    issuedOn: '2026-10-20',
    net: -10_000n,
  });
  await house.database.run(`update invoices set credited_minor = 4000 where id = $1`, [id]);
  await house.database.inWorkspace(noor.workspaceId, house.clock(), (tx) =>
    tx
      .insertInto('client_credits')
      .values({
        id: newId('crd', house.clock()),
        client_id: clientId as Id<'cli'>,
        currency: 'EUR',
        amount_minor: 6000n,
        source: 'credit_note',
        invoice_id: note,
      })
      .execute(),
  );
  expect((await runReport(house, noor, { type: 'ageing' })).records).toEqual([]);
  const before = await runReport(house, noor, { type: 'ageing', to: '2026-10-15' });
  expect(before.records).toMatchObject([{ days_1_30: '40.00', owed: '40.00' }]);
});
