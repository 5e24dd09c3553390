import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { keepFile } from '#database/files.ts';
import { type Mail, mostAttempts, postMail } from '#database/outbox.ts';
import { sendNew } from '#testing/dispatches.ts';
import { openTestHouse } from '#testing/house.ts';
import { type Conduct, emptyOutbox, type Moment, openMailbox } from '#testing/mailbox.ts';
import { makeWorkspace } from '#testing/people.ts';
import { deliverMail, type SendMail } from './deliver-mail.ts';
import { housekeeping } from './housekeeping.ts';

const house = await openTestHouse();
const { database, clock } = house;
beforeEach(() => emptyOutbox(house));

const post = async (more: Partial<Mail> = {}) => {
  const key = randomUUID();
  const mail = { to: 'mara@example.com', subject: `About ${key}`, text: 'Hello', ...more };
  await database.aboveWorkspaces(clock(), (tx) => postMail(tx, key, mail));
  return key;
};
const stateOf = async (key: string) => {
  const { done_at, gave_up_at, problem, attempts, last_error } = await database.identity
    .selectFrom('outbox')
    .selectAll()
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  return { sent: done_at !== null, gaveUp: gave_up_at !== null, problem, attempts, words: last_error };
};
const later = (minutes: number) => () => Temporal.Now.instant().add({ seconds: Math.round(minutes * 60) });
const at =
  (moment: Moment, what: 'drop' | number, times = 1): Conduct =>
  (now) =>
    now === moment && times-- > 0 ? what : undefined;

test('sends a mail once, however often it was posted under its key', async () => {
  const { received, send, close } = await openMailbox();
  const key = await post();
  const again = { to: 'x@example.com', subject: 'x', text: 'x' };
  await database.aboveWorkspaces(clock(), (tx) => postMail(tx, key, again));
  expect(await deliverMail(database, clock, send)).toBe(1);
  expect(await deliverMail(database, later(60), send)).toBe(0);
  expect(received).toHaveLength(1);
  close();
});

test('tries again later with the same message id when the server refuses for now', async () => {
  const { received, send, close } = await openMailbox(at('data', 451));
  const key = await post();
  await deliverMail(database, clock, send);
  expect(received).toHaveLength(0);
  expect(await stateOf(key)).toMatchObject({ sent: false, gaveUp: false, problem: 'mail', attempts: 1 });
  await deliverMail(database, later(0.5), send);
  expect(await stateOf(key)).toMatchObject({ attempts: 1 });
  await deliverMail(database, later(5), send);
  expect(received[0]).toMatch(/Message-ID: <[0-9a-f]{32}@stint>/i);
  expect(await stateOf(key)).toMatchObject({ sent: true, problem: null, attempts: 2 });
  close();
});

test('a mail has its sender’s name, copies, answers to somebody, files, and a header that says which it is', async () => {
  const { id: workspaceId } = await makeWorkspace(house);
  const { received, send, close } = await openMailbox();
  const bytes = Buffer.from('%PDF-1.7 not quite');
  await database.inWorkspace(workspaceId, clock(), async (tx) => {
    const sha256 = await keepFile(tx, bytes, 'application/pdf');
    await postMail(tx, randomUUID(), {
      to: ['billing@acme.example', 'zoe@acme.example'],
      cc: ['boss@acme.example'],
      fromName: 'Studio Mara',
      replyTo: 'mara@studio.example',
      subject: 'Rechnung für Mai\r\nBcc: evil@example.com',
      text: 'Anbei.',
      attachments: [{ name: 'Rechnung Nr. 1.pdf', mime: 'application/pdf', sha256 }],
      headers: { 'X-Stint-Dispatch': 'dsp_1' },
    });
  });
  await deliverMail(database, clock, send);
  const [mail = ''] = received;
  expect(mail).toMatch(/^From: Studio Mara <stint@example.com>/im);
  expect(mail).toMatch(/^To: billing@acme.example, .*zoe@acme.example/im);
  expect(mail).toMatch(/^Cc: boss@acme.example/im);
  expect(mail).toMatch(/^Reply-To: mara@studio.example/im);
  expect(mail).toMatch(/^X-Stint-Dispatch: dsp_1/im);
  expect(mail).not.toMatch(/^Bcc:/im);
  expect(mail).toContain('filename="Rechnung Nr. 1.pdf"');
  expect(mail).toContain(bytes.toString('base64'));
  close();
});

test('a mail whose file is gone does not go without it', async () => {
  const { id: workspaceId } = await makeWorkspace(house);
  const { received, send, close } = await openMailbox();
  const key = randomUUID();
  const attachments = [{ name: 'x.pdf', mime: 'application/pdf', sha256: '0'.repeat(64) }];
  await database.inWorkspace(workspaceId, clock(), (tx) =>
    postMail(tx, key, { to: 'a@example.com', subject: 's', text: 't', attachments }),
  );
  await deliverMail(database, clock, send);
  expect(await stateOf(key)).toMatchObject({ sent: false, gaveUp: true, problem: 'attachment' });
  expect(received).toEqual([]);
  close();
});

test.each(['connect', 'mail', 'recipient', 'data'] as const)(
  'a line that is cut at %s costs nothing: the mail goes at the next attempt, once',
  async (moment) => {
    const { received, send, close } = await openMailbox(at(moment, 'drop'));
    const key = await post({ once: true });
    expect(await deliverMail(database, clock, send)).toBe(0);
    expect(await stateOf(key)).toMatchObject({ sent: false, gaveUp: false, problem: 'unreachable' });
    expect(await deliverMail(database, later(5), send)).toBe(1);
    expect(received).toHaveLength(1);
    close();
  },
);

test('who comes to the end of a mail only after its line was cut hands nothing over', async () => {
  const { received, send, close } = await openMailbox();
  const key = await post({ once: true });
  const cut = Object.assign(new Error('cut'), { code: 'ECONNECTION' });
  const handingOver: (() => Promise<unknown>)[] = [];
  await deliverMail(database, clock, async (_, { handOver }) => {
    const begun = Promise.allSettled([handOver()]);
    handingOver.push(
      () => begun,
      () => Promise.allSettled([handOver()]),
    );
    throw cut;
  });
  for (const outcome of handingOver) expect(await outcome()).toMatchObject([{ status: 'rejected' }]);
  expect(await stateOf(key)).toMatchObject({ sent: false, gaveUp: false, problem: 'unreachable' });
  expect(await deliverMail(database, later(5), send)).toBe(1);
  expect(received).toHaveLength(1);
  close();
});

test('where the line is cut after the mail was taken and before the answer, what goes once is not sent twice, and said to be unclear', async () => {
  const { received, send, close } = await openMailbox(at('taken', 'drop'));
  const key = await post({ once: true });
  expect(await deliverMail(database, clock, send)).toBe(0);
  expect(await deliverMail(database, later(600), send)).toBe(0);
  expect(received).toHaveLength(1);
  expect(await stateOf(key)).toMatchObject({ sent: false, gaveUp: true, problem: 'unclear', attempts: 1 });
  close();
});

test('other mail is then sent again, with the message id by which a mailbox can tell', async () => {
  const { received, send, close } = await openMailbox(at('taken', 'drop'));
  const key = await post();
  await deliverMail(database, clock, send);
  await deliverMail(database, later(5), send);
  const ids = received.map((mail) => /Message-ID: (.+)/i.exec(mail)?.[1]);
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
  expect(await stateOf(key)).toMatchObject({ sent: true, problem: null });
  close();
});

test('an answer counts although the mail was handed over: refused for now is tried again, refused for good is not', async () => {
  const { received, send, close } = await openMailbox(at('taken', 452));
  const key = await post({ once: true });
  await deliverMail(database, clock, send);
  received.length = 0; // the server said that it does not keep it
  await deliverMail(database, later(5), send);
  expect(received).toHaveLength(1);
  expect(await stateOf(key)).toMatchObject({ sent: true });
  close();

  const never = await openMailbox(at('taken', 554, 99));
  const other = await post({ once: true });
  await deliverMail(database, clock, never.send);
  expect(await stateOf(other)).toMatchObject({ gaveUp: true, problem: 'mail' });
  never.close();
});

test('nobody there of that name ends the trying; one of several who is not there is told of', async () => {
  const noSuch: Conduct = (moment, { to }) =>
    moment === 'recipient' && to.startsWith('nobody@') ? 550 : undefined;
  const { received, send, close } = await openMailbox(noSuch);
  const key = await post({ to: 'nobody@acme.example', once: true });
  const both = await post({ to: ['nobody@acme.example', 'anna@acme.example'], once: true });
  expect(await deliverMail(database, clock, send)).toBe(1);
  expect(await stateOf(key)).toMatchObject({ gaveUp: true, problem: 'recipients' });
  expect(await stateOf(both)).toMatchObject({ sent: true, problem: 'some_recipients' });
  expect((await stateOf(both)).words).toContain('nobody@acme.example');
  expect(received).toHaveLength(1);
  close();
});

test('gives up after the last attempt', async () => {
  const { send, close } = await openMailbox(at('connect', 'drop', 99));
  const key = await post();
  for (let attempt = 0; attempt < mostAttempts + 3; attempt += 1)
    await deliverMail(database, later(5_000 * (attempt + 1)), send);
  expect(await stateOf(key)).toMatchObject({ attempts: mostAttempts, gaveUp: true, problem: 'unreachable' });
  close();
});

test('mail that was sent or given up is forgotten after 90 days, but for what became of an invoice', async () => {
  const { noor } = await makeWorkspace(house);
  const { dispatch } = await sendNew(house, noor);
  const never = await openMailbox(at('recipient', 550, 2));
  const [lost, sent] = [await post(), await post()];
  await deliverMail(database, clock, never.send);
  never.close();
  expect(await stateOf(dispatch.id)).toMatchObject({ gaveUp: true });
  const kept = async (days: number) => {
    await housekeeping(database, clock().add({ hours: 24 * days }));
    const rows = await database.identity.selectFrom('outbox').select('key').execute();
    return [dispatch.id, lost, sent].map((key) => rows.some((row) => row.key === key));
  };
  expect(await kept(89)).toEqual([true, true, true]);
  expect(await kept(91)).toEqual([true, false, false]);
});

test('several deliverers at once send every mail once', async () => {
  const { received, send, close } = await openMailbox();
  const keys = await Promise.all(Array.from({ length: 12 }, () => post({ once: true })));
  const counts = await Promise.all(Array.from({ length: 4 }, () => deliverMail(database, clock, send)));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(12);
  const subjects = received.map((mail) => /Subject: About (\S+)/.exec(mail)?.[1]);
  expect(subjects.sort()).toEqual(keys.sort());
  close();
});

test('a deliverer that lost its lease does not end what it has begun to send', async () => {
  const { received, send, close } = await openMailbox();
  const key = await post({ once: true });
  const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>();
  const { promise: gone, resolve: goOn } = Promise.withResolvers<undefined>();
  const slow: SendMail = (mail, posting) =>
    send(mail, {
      ...posting,
      handOver: async () => {
        begin(undefined);
        await gone;
        await posting.handOver();
      },
    });
  const stalled = deliverMail(database, clock, slow);
  await begun;
  expect(await deliverMail(database, later(6), send)).toBe(1);
  goOn(undefined);
  expect(await stalled).toBe(0);
  expect(received).toHaveLength(1);
  expect(await stateOf(key)).toMatchObject({ sent: true, attempts: 2 });
  close();
});

test('a process that dies before handing over costs nothing; one that dies after it leaves an unclear mail and no second one', async () => {
  const { received, send, close } = await openMailbox();
  const dead = new Promise<never>(() => undefined);
  const before = await post({ once: true });
  void deliverMail(database, clock, () => dead);
  await expect.poll(async () => (await stateOf(before)).attempts).toBe(1);
  expect(await deliverMail(database, later(6), send)).toBe(1);
  expect(await stateOf(before)).toMatchObject({ sent: true });

  const after = await post({ once: true });
  const { promise: sent, resolve: done } = Promise.withResolvers<undefined>();
  void deliverMail(database, clock, async (mail, posting) => {
    await send(mail, posting);
    done(undefined);
    return dead;
  });
  await sent;
  expect(await deliverMail(database, later(4), send)).toBe(0);
  expect(await stateOf(after)).toMatchObject({ sent: false, gaveUp: false });
  expect(await deliverMail(database, later(6), send)).toBe(0);
  expect(await stateOf(after)).toMatchObject({ sent: false, gaveUp: true, problem: 'unclear' });
  expect(received).toHaveLength(2);
  close();
});
