import { expect, test } from 'vitest';
import { act, onFifth, sendNew } from '#testing/dispatches.ts';
import { makeDraft, newKey } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

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
