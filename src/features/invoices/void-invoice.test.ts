import { expect, test } from 'vitest';
import { deliverMail, type Posting } from '#jobs/deliver-mail.ts';
import { giveUpStranded } from '#jobs/mail-queue.ts';
import { startJobs } from '#jobs/jobs.ts';
import { type Dispatch, sendNew } from '#testing/dispatches.ts';
import { openTestHouse } from '#testing/house.ts';
import { finalize, makeClient, showInvoice, type InvoiceAnswer } from '#testing/invoices.ts';
import { emptyOutbox, openMailbox } from '#testing/mailbox.ts';
import { creditWhole } from '#testing/payments.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { log, look } from '#testing/time.ts';

const house = await openTestHouse();

/** An hour of time on an issued invoice that a credit note took back whole. */
const credited = async () => {
  const { noor, ada, teo } = await makeWorkspace(house);
  const { client, project } = await makeClient(house, noor, { rate: '60' });
  const entry = await log(house, teo, { project_id: project, date: '2026-10-01', duration_seconds: 3600 });
  const bill = () =>
    call<InvoiceAnswer>(house, noor, 'invoices.create', { client_id: client, from_time: {} });
  const { invoice } = await bill();
  await finalize(house, noor, invoice.id);
  const note = await creditWhole(house, noor, invoice.id);
  const undo = () => call(house, ada, 'invoices.void', { id: note, reason: 'It was delivered after all' });
  const lockedBy = async () => (await look(house, teo, entry.id)).entry.locked_by;
  return { noor, invoice, bill, undo, lockedBy };
};

test('voiding frees the time and keeps the number', async () => {
  const workspace = await makeWorkspace(house);
  const { noor, ada, teo } = workspace;
  const { client, project } = await makeClient(house, noor, { rate: '60' });
  const entry = await log(house, teo, { project_id: project, date: '2026-10-01', duration_seconds: 3600 });
  const { invoice } = await call<InvoiceAnswer>(house, noor, 'invoices.create', {
    client_id: client,
    from_time: {},
  });
  const { number } = await finalize(house, noor, invoice.id);
  expect(
    await refusalOf(call(house, noor, 'invoices.void', { id: invoice.id, reason: 'Wrong client' })),
  ).toMatchObject({ code: 'role_too_low' });
  const voided = await call<InvoiceAnswer>(house, ada, 'invoices.void', {
    id: invoice.id,
    reason: 'Wrong client',
  });
  expect(voided).toMatchObject({
    released_entries: 1,
    invoice: { status: 'void', number, void_reason: 'Wrong client' },
  });
  for (const change of [{ notes: 'x' }, { discount: null }, { scheduled: false }]) {
    const refused = await refusalOf(call(house, ada, 'invoices.update', { id: invoice.id, ...change }));
    expect(refused.message).toContain(`${number} was voided and does not change any more`);
  }
  expect(await look(house, teo, entry.id)).toMatchObject({ entry: { locked_by: null } });
});

test('a voided credit note leaves the invoice owed, and its time billed by it', async () => {
  const { noor, invoice, undo, lockedBy } = await credited();
  expect(await lockedBy()).toBeNull();
  await undo();
  expect(await showInvoice(house, noor, invoice.id)).toMatchObject({ balance: '60.00', credited: '0.00' });
  expect(await lockedBy()).not.toBeNull();
});

test('a credit note is not voided while the time that it freed is on another invoice', async () => {
  const { noor, invoice, bill, undo, lockedBy } = await credited();
  const again = await bill();
  const refused = await refusalOf(undo());
  expect(refused).toMatchObject({ code: 'invalid_state' });
  expect(refused.message).toContain(again.invoice.id);
  expect(await showInvoice(house, noor, invoice.id)).toMatchObject({ balance: '0.00' });
  await call(house, noor, 'invoices.delete', { id: again.invoice.id });
  await undo();
  expect(await lockedBy()).not.toBeNull();
});

/** An invoice whose e-mail waits, a mail server, and what voiding it answers. */
const mailed = async () => {
  await emptyOutbox(house);
  const { noor, ada } = await makeWorkspace(house);
  const { id, dispatch } = await sendNew(house, noor);
  const mailbox = await openMailbox();
  const undo = async () => {
    const answer = await call<{ meta?: { warnings?: string[] } }>(house, ada, 'invoices.void', {
      id,
      reason: 'Wrong client',
    });
    return answer.meta?.warnings ?? [];
  };
  /** Delivers; what is done on the way is done before a mail is handed over, or after. */
  const deliver = ({ before, after }: { before?: () => unknown; after?: () => unknown } = {}) =>
    deliverMail(house.database, house.clock, (mail, posting: Posting) => {
      const handOver = async () => {
        await before?.();
        await posting.handOver();
        await after?.();
      };
      return mailbox.send(mail, { ...posting, handOver });
    });
  const state = async () => {
    const { data } = await call<{ data: Dispatch[] }>(house, noor, 'invoice_dispatches.list', {
      invoice_id: id,
    });
    expect(data.map((each) => each.id)).toEqual([dispatch.id]);
    return data[0]!;
  };
  return { ...mailbox, undo, deliver, state };
};
const notSent = { status: 'failed', problem: expect.stringContaining('voided before it went') };

test('an e-mail that waits does not go once its invoice is void, and says so', async () => {
  const { received, undo, deliver, state, close } = await mailed();
  expect(await undo()).toEqual([]);
  await deliver();
  expect(received).toEqual([]);
  expect(await state()).toMatchObject(notSent);
  close();
});

test('nor does one that is being sent, up to the moment when it is handed over', async () => {
  const { received, undo, deliver, state, close } = await mailed();
  expect(await deliver({ before: undo })).toBe(0);
  expect(received).toEqual([]);
  await deliver();
  expect(await state()).toMatchObject(notSent);
  close();
});

test('that it was given up is not taken back by whoever was sending it', async () => {
  const { received, undo, deliver, state, close } = await mailed();
  await deliver({
    before: async () => {
      await undo();
      await giveUpStranded(house.database, house.clock());
    },
  });
  expect(received).toEqual([]);
  expect(await state()).toMatchObject(notSent);
  close();
});

test('where an e-mail went, or was handed over at that moment, voiding warns of it', async () => {
  const gone = await mailed();
  expect(await gone.deliver()).toBe(1);
  expect(await gone.undo()).toEqual([
    expect.stringMatching(/^INV-\d+-0001 was e-mailed to billing@acme\.example, .+ let them know/),
  ]);
  gone.close();
  const going = await mailed();
  let warnings: string[] = [];
  await going.deliver({ after: async () => (warnings = await going.undo()) });
  expect(warnings).toEqual([expect.stringMatching(/may have been e-mailed to billing@acme\.example/)]);
  expect(going.received).toHaveLength(1);
  expect(await going.state()).toMatchObject({ status: 'sent' });
  going.close();
});

test('an e-mail and the voiding of its invoice at the same moment: it did not go, or there is a warning', async () => {
  for (let round = 0; round < 4; round += 1) {
    const { received, undo, deliver, close } = await mailed();
    const [warnings] = await Promise.all([undo(), deliver()]);
    expect(warnings).toHaveLength(received.length);
    close();
  }
});

test('without a mail server, too, what waited says that it will not go', { timeout: 20_000 }, async () => {
  const { undo, state, close } = await mailed();
  await undo();
  const stop = startJobs({ house, send: null });
  await expect.poll(state, { timeout: 15_000 }).toMatchObject(notSent);
  await stop();
  close();
});
