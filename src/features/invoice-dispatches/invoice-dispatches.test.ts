import { expect, test } from 'vitest';
import { deliverMail } from '#jobs/deliver-mail.ts';
import { act, onFifth, sendNew, type Dispatch } from '#testing/dispatches.ts';
import { openTestHouse } from '#testing/house.ts';
import { emptyOutbox, openMailbox } from '#testing/mailbox.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

const list = async (person: Person, input: object = {}) =>
  (await call<{ data: Dispatch[] }>(house, person, 'invoice_dispatches.list', input)).data;

test('sends again the very same bytes, in another mail', async () => {
  await emptyOutbox(house);
  const stopped = await onFifth();
  const { noor, ada } = await makeWorkspace(stopped);
  const { received, send, close } = await openMailbox();
  const { id, dispatch } = await sendNew(stopped, noor);
  const again = { id: dispatch.id, to: ['new@acme.example'], message: 'Once more.' };
  stopped.setNow('2026-10-05T12:00:59Z');
  const soon = await refusalOf(act(stopped, noor, 'invoice_dispatches.resend', again));
  expect(soon).toMatchObject({ code: 'too_soon', retryAfterMs: 1000 });
  stopped.setNow('2026-10-05T12:01:00Z');
  await call(stopped, noor, 'invoices.update', { id, notes: 'Changed since' });
  const second = await act(stopped, noor, 'invoice_dispatches.resend', again);
  expect(second).toMatchObject({
    resend_of: dispatch.id,
    to: ['new@acme.example'],
    artifact_ids: dispatch.artifact_ids,
    subject: dispatch.subject,
  });
  await deliverMail(stopped.database, stopped.clock, send);
  const files = received.map((mail) => /\r\n\r\n(JVBERi[\s\S]+?)\r\n--/.exec(mail)?.[1]);
  expect(files).toHaveLength(2);
  expect(files[0]?.length).toBeGreaterThan(1000);
  expect(files[0]).toBe(files[1]);
  const ids = received.map((mail) => /Message-ID: (.+)/i.exec(mail)?.[1]);
  expect(ids[0]).not.toBe(ids[1]);
  stopped.setNow('2026-10-05T12:05:00Z');
  await call(stopped, ada, 'invoices.void', { id, reason: 'Wrong' });
  expect(await refusalOf(act(stopped, noor, 'invoice_dispatches.resend', again))).toMatchObject({
    code: 'invalid_state',
  });
  close();
});

test('what went to nobody is sent again at once, to an address that is right', async () => {
  await emptyOutbox(house);
  const stopped = await onFifth();
  const { noor } = await makeWorkspace(stopped);
  const { dispatch } = await sendNew(stopped, noor);
  const { send, close } = await openMailbox((moment) => (moment === 'recipient' ? 550 : undefined));
  await deliverMail(stopped.database, stopped.clock, send);
  const again = { id: dispatch.id, to: ['right@acme.example'] };
  expect(await act(stopped, noor, 'invoice_dispatches.resend', again)).toMatchObject({ status: 'queued' });
  const soon = await refusalOf(act(stopped, noor, 'invoice_dispatches.resend', again));
  expect(soon).toMatchObject({ code: 'too_soon' });
  close();
});

test('two who send again at the same moment send once', async () => {
  const stopped = await onFifth();
  const { noor, ada } = await makeWorkspace(stopped);
  const { dispatch } = await sendNew(stopped, noor);
  stopped.setNow('2026-10-05T12:05:00Z');
  const outcomes = await Promise.allSettled(
    [noor, ada, noor].map((person) => act(stopped, person, 'invoice_dispatches.resend', { id: dispatch.id })),
  );
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
});

test('the log says how far each mail got, in words of ours, also when the outbox has forgotten it', async () => {
  await emptyOutbox(house);
  const { noor } = await makeWorkspace(house);
  const { dispatch: sent } = await sendNew(house, noor);
  const { dispatch: unknown } = await sendNew(house, noor, {
    client: { name: 'B', email: 'nobody@b.example' },
  });
  const { dispatch: later } = await sendNew(house, noor, { client: { name: 'C', email: 'later@c.example' } });
  const { dispatch: unclear } = await sendNew(house, noor, {
    client: { name: 'D', email: 'drop@d.example' },
  });
  let drop = false;
  const { send, close } = await openMailbox((moment, { to }) => {
    if (moment === 'mail') drop = false;
    if (moment === 'recipient' && to.startsWith('nobody')) return 550;
    if (moment === 'recipient' && to.startsWith('later')) return 450;
    if (moment === 'recipient') drop = to.startsWith('drop');
    return moment === 'taken' && drop ? 'drop' : undefined;
  });
  await deliverMail(house.database, house.clock, send);
  const byId = new Map((await list(noor)).map((row) => [row.id, row]));
  expect(byId.get(sent.id)).toMatchObject({ status: 'sent', problem: null, attempts: 1 });
  expect(byId.get(unknown.id)).toMatchObject({
    status: 'failed',
    problem: 'The mail server did not take the mail for its recipients.',
    next_attempt_at: null,
  });
  expect(byId.get(later.id)).toMatchObject({ status: 'queued', next_attempt_at: expect.any(String) });
  expect(byId.get(unclear.id)).toMatchObject({ status: 'unclear', next_attempt_at: null });
  expect((await list(noor, { status: 'failed' })).map(({ id }) => id)).toEqual([unknown.id]);
  await house.database.identity.deleteFrom('outbox').where('key', '=', sent.id).execute();
  expect((await list(noor, { status: 'sent' })).map(({ id }) => id)).toEqual([sent.id]);
  close();
});
