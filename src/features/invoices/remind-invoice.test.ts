import { expect, test } from 'vitest';
import { openTestHouse, type TestHouse } from '#testing/house.ts';
import { confirmOf, makeDraft, newKey } from '#testing/invoices.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';

interface Dispatch {
  id: string;
  kind: string;
  status: string;
  to: string[];
  subject: string;
  artifact_ids: string[];
  level: number | null;
}
const act = async (on: TestHouse, person: Person, operation: string, input: object) =>
  (await call<{ dispatch: Dispatch }>(on, person, operation, { idempotency_key: newKey(), ...input }))
    .dispatch;
const sendNew = async (on: TestHouse, person: Person, input: Parameters<typeof makeDraft>[2] = {}) => {
  const { id } = await makeDraft(on, person, input);
  const confirm = await confirmOf(on, person, id);
  return { id, dispatch: await act(on, person, 'invoices.send', { id, confirm }) };
};
/** A stopped house, on a day when what is due on the 15th is not yet overdue. */
const onFifth = async () => {
  const stopped = await openTestHouse();
  stopped.setNow('2026-10-05T12:00:00Z');
  return stopped;
};

test('reminds of what is overdue and only of that, one level after the other', async () => {
  const stopped = await onFifth();
  const { noor } = await makeWorkspace(stopped);
  const { id } = await sendNew(stopped, noor, { terms_days: 10 });
  const remind = (input: object = {}) => act(stopped, noor, 'invoices.remind', { id, ...input });
  const refused = async () => (await refusalOf(remind())).message;
  expect(await refused()).toContain('not overdue: it is due on 2026-10-15');
  const draft = await makeDraft(stopped, noor, { client: { name: 'Other' } });
  expect(await refusalOf(remind({ id: draft.id }))).toMatchObject({ code: 'invalid_state' });
  stopped.setNow('2026-10-16T12:00:00Z');
  await call(stopped, noor, 'invoice_payments.record', {
    invoice_id: id,
    amount: '100.00',
    currency: 'EUR',
    paid_on: '2026-10-16',
    idempotency_key: newKey(),
  });
  const first = await remind();
  expect(first).toMatchObject({ kind: 'reminder', level: 1, status: 'queued' });
  expect(first.artifact_ids).toHaveLength(2);
  expect(await refused()).toContain('less than a minute ago');
  const rows = await stopped.database.identity
    .selectFrom('outbox')
    .select('payload')
    .where('key', '=', first.id)
    .execute();
  expect(rows[0]?.payload).toMatchObject({ text: expect.stringContaining('€250.00 is still open') });
  stopped.setNow('2026-10-23T12:00:00Z');
  expect(await remind({ message: 'Please, {client}: {balance}' })).toMatchObject({
    level: 2,
    subject: expect.stringMatching(/^Reminder 2: invoice /),
  });
  stopped.setNow('2026-10-30T12:00:00Z');
  await call(stopped, noor, 'invoice_payments.record', {
    invoice_id: id,
    amount: '250.00',
    currency: 'EUR',
    paid_on: '2026-10-30',
    idempotency_key: newKey(),
  });
  expect(await refused()).toContain('is paid');
});
