import { expect, test } from 'vitest';
import { type Dispatch, mailsOf, onFifth } from '#testing/dispatches.ts';
import { openTestHouse } from '#testing/house.ts';
import { confirmOf, makeDraft, newKey, type TestInvoice } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

interface Sent {
  invoice: TestInvoice;
  dispatch: Dispatch | null;
  problem: string | null;
}

test('a scheduled one is a draft that nobody changes, until it is taken back', async () => {
  const stopped = await onFifth();
  const { noor } = await makeWorkspace(stopped);
  const { id } = await makeDraft(stopped, noor);
  const confirm = await confirmOf(stopped, noor, id);
  const plan = (schedule_at: string) =>
    call<Sent>(stopped, noor, 'invoices.send', { id, confirm, schedule_at, idempotency_key: newKey() });
  expect(await refusalOf(plan('2026-10-05T13:59'))).toMatchObject({ field: 'schedule_at' });
  const planned = await plan('2026-10-06T09:00');
  expect(planned).toMatchObject({
    invoice: { status: 'scheduled', number: null },
    dispatch: null,
    send_at: '2026-10-06T09:00:00+02:00',
  });
  for (const change of [{ notes: 'x' }, { due_date: '2026-12-01' }, { discount: { percent: '5' } }]) {
    expect(await refusalOf(call(stopped, noor, 'invoices.update', { id, ...change }))).toMatchObject({
      code: 'invalid_state',
    });
  }
  expect(
    await call(stopped, noor, 'invoices.update', { id, scheduled: false, notes: 'Thank you' }),
  ).toMatchObject({ invoice: { status: 'draft', send_at: null, notes: 'Thank you' } });
});

test('goes out when its moment has come, and not before; where it changed meanwhile it does not, and says so', async () => {
  const stopped = await openTestHouse();
  const { id: workspace, noor, mara } = await makeWorkspace(stopped);
  const plan = async (name: string) => {
    stopped.setNow('2026-10-05T12:00:00Z');
    const { id } = await makeDraft(stopped, noor, { client: { name } });
    const confirm = await confirmOf(stopped, noor, id);
    const schedule_at = '2026-10-06T09:00';
    await call(stopped, noor, 'invoices.send', { id, confirm, schedule_at, idempotency_key: newKey() });
    return id;
  };
  const carryOut = (id: string) => call<Sent>(stopped, noor, 'invoices.send_scheduled', { id });
  const first = await plan('First');
  stopped.setNow('2026-10-06T06:59:59Z');
  expect(await refusalOf(carryOut(first))).toMatchObject({ code: 'invalid_state' });
  stopped.setNow('2026-10-06T07:00:00Z');
  expect(await carryOut(first)).toMatchObject({
    invoice: { status: 'sent', number: expect.any(String) },
    dispatch: { status: 'queued' },
    problem: null,
  });
  expect(await refusalOf(carryOut(first))).toMatchObject({ code: 'invalid_state' });
  const second = await plan('Second');
  await call(stopped, mara, 'settings.update', { invoice: { legal_name: 'Another name' } });
  stopped.setNow('2026-10-06T07:00:00Z');
  const failed = await carryOut(second);
  expect(failed).toMatchObject({ invoice: { status: 'draft', number: null }, dispatch: null });
  expect(failed.problem).toContain('changed');
  const { invoice } = await call<{ invoice: { send_problem: string } }>(stopped, noor, 'invoices.get', {
    id: second,
  });
  expect(invoice.send_problem).toBe(failed.problem);
  expect(await mailsOf(stopped, workspace)).toHaveLength(1);
});
