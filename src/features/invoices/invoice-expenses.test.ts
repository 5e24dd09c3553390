import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { finalize, type InvoiceAnswer, makeClient } from '#testing/invoices.ts';
import { spend } from '#testing/money.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import type { Refusal } from '#values/refusal.ts';

const house = await openTestHouse();

test('23 an expense is on one invoice at most: of several who bill it at once one does, and it is free again with that one', async () => {
  const { noor, ada, teo } = await makeWorkspace(house);
  const { client } = await makeClient(house, noor);
  const given = { clientId: client, on: '2026-10-01' };
  const train = await spend(house, teo, { ...given, minor: 10_000n, markupPpm: 50_000 });
  const hotel = await spend(house, teo, { ...given, minor: 20_000n });
  const bill = async (person: typeof noor, ...expense_ids: string[]) =>
    (await call<InvoiceAnswer>(house, person, 'invoices.create', { client_id: client, expense_ids })).invoice;
  const asked = [bill(noor, train, hotel), bill(ada, hotel, train), bill(noor, train), bill(ada, train)];
  const outcomes = await Promise.allSettled(asked);
  const made = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const codes = outcomes.flatMap((each) =>
    each.status === 'rejected' ? [(each.reason as Refusal).code] : [],
  );
  expect(codes).toEqual(['already_invoiced', 'already_invoiced', 'already_invoiced']);
  expect(made.map(({ lines, total }) => [lines.length, total])).toEqual([
    made[0]!.lines.length === 2 ? [2, '305.00'] : [1, '105.00'],
  ]);
  await call(house, noor, 'invoices.delete', { id: made[0]!.id });
  const again = await bill(noor, train);
  await finalize(house, noor, again.id);
  expect((await refusalOf(bill(ada, train))).code).toBe('already_invoiced');
  await call(house, ada, 'invoices.void', { id: again.id, reason: 'Wrong' });
  expect((await bill(noor, train, hotel)).total).toBe('305.00');
});

test('refuses an expense that is not there, not billable or of another client', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { client } = await makeClient(house, noor);
  const other = await makeClient(house, noor, { name: 'Other' });
  const free = await spend(house, teo, { clientId: client, on: '2026-10-01', minor: 1n, billable: false });
  const theirs = await spend(house, teo, { clientId: other.client, on: '2026-10-01', minor: 1n });
  const code = async (id: string) => {
    const { code: said, field } = await refusalOf(
      call(house, noor, 'invoices.create', { client_id: client, expense_ids: [id] }),
    );
    return [said, field];
  };
  expect(await code(`exp_${'0'.repeat(26)}`)).toEqual(['not_found', 'expense_ids']);
  for (const id of [free, theirs]) expect(await code(id)).toEqual(['validation_failed', 'expense_ids']);
});
