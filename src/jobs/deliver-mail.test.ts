import { randomUUID } from 'node:crypto';
import { SMTPServer } from 'smtp-server';
import { expect, test } from 'vitest';
import { postMail } from '#database/outbox.ts';
import { openTestHouse } from '#testing/house.ts';
import { deliverMail, smtpSender } from './deliver-mail.ts';

const house = await openTestHouse();
const { database, clock } = house;

/** A real SMTP server that refuses the first `failures` mails and keeps the rest. */
const mailbox = async (failures = 0) => {
  const received: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (failures-- > 0) return done(new Error('try later'));
        received.push(Buffer.concat(chunks).toString());
        done();
      });
    },
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.server.address() as { port: number };
  return {
    received,
    send: smtpSender(`smtp://127.0.0.1:${port}`, 'stint@example.com'),
    close: () => server.close(() => undefined),
  };
};

const post = (key: string) =>
  database.aboveWorkspaces(clock(), (tx) =>
    postMail(tx, key, { to: 'mara@example.com', subject: `About ${key}`, text: 'Hello' }),
  );

test('sends a mail once, however often it was posted under its key', async () => {
  const { received, send, close } = await mailbox();
  const key = randomUUID();
  await post(key);
  await post(key);
  await deliverMail(database, clock, send);
  await deliverMail(database, clock, send);
  expect(received.filter((mail) => mail.includes(`About ${key}`))).toHaveLength(1);
  close();
});

test('tries again later with the same message id when the server refuses', async () => {
  const { received, send, close } = await mailbox(1);
  const key = randomUUID();
  await post(key);
  await deliverMail(database, clock, send);
  expect(received).toHaveLength(0);
  await deliverMail(database, () => Temporal.Now.instant().add({ minutes: 5 }), send);
  expect(received).toHaveLength(1);
  expect(received[0]).toMatch(/Message-ID: <[0-9a-f]{32}@stint>/i);
  close();
});
