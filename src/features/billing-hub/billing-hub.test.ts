import { expect, test } from 'vitest';
import { deliverMail } from '#jobs/deliver-mail.ts';
import { act, onFifth, sendNew } from '#testing/dispatches.ts';
import { openTestHouse } from '#testing/house.ts';
import { openMailbox } from '#testing/mailbox.ts';
import { billableWork, issueDocument, pay, spend } from '#testing/money.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { logTime } from '#testing/work.ts';

const house = await openTestHouse();
house.setNow('2026-10-31T12:00:00Z');

const someWork = (rounding?: object | null) => billableWork(house, rounding);

interface Entry {
  id: string;
  selectable: boolean;
  reason: string | null;
  amount: string | null;
  billed_seconds: number | null;
  invoice?: { id: string; number: string } | null;
}
interface Node {
  raw_seconds: number;
  billed_seconds: number;
  amount: string;
  entries_count: number;
}
interface Selection {
  projects: (Node & {
    project: { id: string } | null;
    tasks: (Node & { task: { summary: string } | null; entries?: Entry[] })[];
    expenses?: { amount: string }[];
  })[];
  totals: Node & { expenses_amount?: string };
  excluded: { reason: string; count: number }[];
  truncated: boolean;
}

test('what can be invoiced: a tree whose sums are those of the invoice, with rounding', async () => {
  const { noor, clientId, projectId, free, locked } = await someWork();
  await spend(house, noor, { projectId, minor: 1000n, on: '2026-10-05', markupPpm: 100_000 });
  const found = await call<Selection>(house, noor, 'billing_hub.invoice_selection', { client_id: clientId });
  expect(found.totals).toEqual({
    entries_count: 2,
    raw_seconds: 1900,
    billed_seconds: 2700,
    amount: '75.00',
    expenses_amount: '11.00',
  });
  expect(found.projects).toHaveLength(1);
  const [site] = found.projects;
  expect(
    site!.tasks.map(({ task, amount, entries }) => [task?.summary ?? null, amount, entries?.[0]?.id]),
  ).toEqual([
    ['Logo', '50.00', free],
    [null, '25.00', locked],
  ]);
  expect(site!.expenses).toMatchObject([{ amount: '11.00' }]);
  expect(found.truncated).toBe(false);
  expect(found.excluded.map(({ reason, count }) => [reason, count]).sort()).toEqual([
    ['already_invoiced', 1],
    ['not_billable', 1],
    ['other_currency', 1],
    ['without_rate', 1],
  ]);
  // The draft that is made of it has the same sums.
  const { invoice } = await call<{ invoice: { subtotal: string } }>(house, noor, 'invoices.create', {
    client_id: clientId,
    from_time: {},
    tax_ids: [],
  });
  expect(invoice).toMatchObject({ subtotal: '75.00' });
});

test('says of each piece of time why it cannot be chosen, and on which invoice it is', async () => {
  const { noor, clientId, billed, invoice } = await someWork();
  const found = await call<Selection>(house, noor, 'billing_hub.invoice_selection', {
    client_id: clientId,
    unselectable: true,
  });
  const entries = found.projects.flatMap(({ tasks }) => tasks.flatMap((task) => task.entries ?? []));
  expect(entries.map(({ reason }) => reason ?? '').sort()).toEqual([
    '',
    '',
    'already_invoiced',
    'not_billable',
    'other_currency',
    'without_rate',
  ]);
  expect(entries.find(({ id }) => id === billed)).toMatchObject({
    selectable: false,
    amount: null,
    invoice: { id: invoice, number: 'R-7' },
  });
});

test('lists no more than asked for, says so, and sums everything', async () => {
  const { noor, clientId } = await someWork(null);
  const found = await call<Selection>(house, noor, 'billing_hub.invoice_selection', {
    client_id: clientId,
    limit: 1,
  });
  expect(found.projects.flatMap(({ tasks }) => tasks.flatMap((task) => task.entries ?? []))).toHaveLength(1);
  expect(found).toMatchObject({ truncated: true, totals: { entries_count: 2, raw_seconds: 1900 } });
});

interface Summary {
  currencies: { currency: string; totals: Record<string, unknown>; clients: Record<string, unknown>[] }[];
  alerts: { kind: string; count: number }[];
}

test('what to bill and what is owed, by currency and client, with what calls for doing', async () => {
  const { noor, teo, clientId } = await someWork();
  const issue = (number: string, dueOn: string, net: bigint) =>
    issueDocument(house, noor, { clientId, number, issuedOn: '2026-08-01', dueOn, net });
  await issue('R-8', '2026-09-15', 2000n);
  const half = await issue('R-9', '2026-12-31', 3000n);
  await pay(house, noor, half, 1000n, '2026-10-02');
  await pay(house, noor, half, 500n, '2026-09-30');
  await logTime(house, noor, { clientId, on: '2026-09-01', rate: 10_000n });
  const found = await call<Summary>(house, noor, 'billing_hub.summary');
  const euros = found.currencies.find(({ currency }) => currency === 'EUR')!;
  expect(euros.totals).toEqual({
    unbilled_seconds: 1000 + 900 + 3600 + 3600,
    unbilled: '152.78',
    draft: '0.00',
    outstanding: '135.00',
    overdue: '120.00',
    overdue_1_30: '100.00',
    overdue_31_60: '20.00',
    overdue_61_90: '0.00',
    overdue_over_90: '0.00',
    received: '10.00',
    credit: '0.00',
  });
  expect(euros.clients).toMatchObject([{ client: { id: clientId }, ...euros.totals }]);
  expect(found.alerts.map(({ kind, count }) => [kind, count])).toEqual([
    ['overdue', 2],
    ['unbilled_over_30_days', 1],
    ['without_rate', 1],
  ]);
  const of = { client_id: `cli_${'0'.repeat(26)}` };
  expect((await refusalOf(call(house, noor, 'billing_hub.summary', of))).code).toBe('not_found');
  expect((await refusalOf(call(house, teo, 'billing_hub.summary'))).code).toBe('role_too_low');
});

test('an e-mail that did not arrive calls for doing until it is sent again', async () => {
  const stopped = await onFifth();
  const { noor } = await makeWorkspace(stopped);
  const { dispatch } = await sendNew(stopped, noor);
  const alerts = async () => (await call<Summary>(stopped, noor, 'billing_hub.summary')).alerts;
  expect(await alerts()).toEqual([]);
  let refuses = true;
  const { send, close } = await openMailbox((moment) =>
    moment === 'recipient' && refuses ? 550 : undefined,
  );
  await deliverMail(stopped.database, stopped.clock, send);
  expect(await alerts()).toMatchObject([{ kind: 'mail_failed', currency: 'EUR', count: 1 }]);
  refuses = false;
  stopped.setNow('2026-10-05T12:01:00Z');
  await act(stopped, noor, 'invoice_dispatches.resend', { id: dispatch.id });
  await deliverMail(stopped.database, stopped.clock, send);
  expect(await alerts()).toEqual([]);
  close();
});
