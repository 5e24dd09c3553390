import { expect, test } from 'vitest';
import { operator } from '#identity/author.ts';
import { setPlan } from '#identity/workspaces.ts';
import { act, sendNew } from '#testing/dispatches.ts';
import { openTestHouse } from '#testing/house.ts';
import { confirmOf, makeDraft, newKey } from '#testing/invoices.ts';
import { emptyOutbox, openMailbox } from '#testing/mailbox.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { makeSeries } from '#testing/recurring.ts';
import { clockwork } from './clockwork.ts';
import { deliverMail } from './deliver-mail.ts';

const house = await openTestHouse();

test('what may not be done waits an hour before it is tried again', async () => {
  house.setNow('2026-11-23T09:00:00Z');
  const { id: workspace, slug, noor } = await makeWorkspace(house, { plan: 'business' });
  await makeSeries(house, noor);
  await setPlan(house, slug, 'free', operator);
  const refused = new Map<string, Temporal.Instant>();
  house.setNow('2026-12-01T09:00:00Z');
  expect(await clockwork(house, { refused, workspace })).toBe(0);
  await setPlan(house, slug, 'business', operator);
  house.setNow('2026-12-01T09:59:00Z');
  expect(await clockwork(house, { refused, workspace })).toBe(0);
  house.setNow('2026-12-01T10:00:00Z');
  expect(await clockwork(house, { refused, workspace })).toBe(1);
});

test('a scheduled invoice goes out in the name of whoever scheduled it, not of whoever drafted it', async () => {
  house.setNow('2026-11-23T09:00:00Z');
  const { id: workspace, noor, ada } = await makeWorkspace(house);
  const { id } = await makeDraft(house, noor);
  const confirm = await confirmOf(house, ada, id);
  const schedule_at = '2026-11-24T09:00';
  await call(house, ada, 'invoices.send', { id, confirm, schedule_at, idempotency_key: newKey() });
  house.setNow('2026-11-24T12:00:00Z');
  expect(await clockwork(house, { workspace })).toBe(1);
  const sent = await call(house, noor, 'invoice_dispatches.list', { invoice_id: id });
  expect(sent).toMatchObject({ data: [{ by: expect.stringMatching(/^Ada/) }] });
});

test('nobody is reminded of an invoice that never reached them, until it was sent again or by other means', async () => {
  await emptyOutbox(house);
  house.setNow('2026-10-05T09:00:00Z');
  const { id: workspace, noor, ada } = await makeWorkspace(house);
  await call(house, ada, 'settings.update', { reminders: { enabled: true } });
  const { id: posted } = await sendNew(house, noor, { terms_days: 10 });
  const again = await sendNew(house, noor, { terms_days: 10, client: { name: 'Other' } });
  const { send, close } = await openMailbox((moment) => (moment === 'recipient' ? 550 : undefined));
  await deliverMail(house.database, house.clock, send);
  close();
  house.setNow('2026-10-23T09:00:00Z');
  expect(await clockwork(house, { workspace })).toBe(0);
  await call(house, noor, 'invoices.mark_sent', { id: posted, on: '2026-10-07' });
  expect(await clockwork(house, { workspace })).toBe(1);
  await act(house, noor, 'invoice_dispatches.resend', { id: again.dispatch.id });
  expect(await clockwork(house, { workspace })).toBe(1);
});
