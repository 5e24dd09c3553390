import { connect, createServer, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { House } from '#operation/run.ts';
import { smtpSender } from '#jobs/smtp-sender.ts';

/** A moment in the conversation with a mail server. `taken`: the mail is kept, and not answered yet. */
export type Moment = 'connect' | 'mail' | 'recipient' | 'data' | 'taken';

/** What the server does at a moment: goes on, hangs up without a word, says nothing more, or answers with this code. */
export type Conduct = (
  moment: Moment,
  about: { to: string; mails: number },
) => 'drop' | 'silent' | number | undefined;

const refusal = (code: number): Error => Object.assign(new Error('not now'), { responseCode: code });

/**
 * A real SMTP server on loopback that keeps what it takes, behind a line that can be cut: `conduct` says when. What it kept counts as
 * delivered, whether or not the sender ever heard so.
 */
export const openMailbox = async (conduct: Conduct = () => undefined) => {
  const received: string[] = [];
  const lines = new Set<Socket>();
  const cut = () => {
    for (const line of lines) line.destroy();
  };
  const act = (moment: Moment, to: string, done: (error?: Error | null) => void): void => {
    const what = conduct(moment, { to, mails: received.length });
    if (what === 'drop') cut();
    else if (what !== 'silent') done(what === undefined ? null : refusal(what));
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onConnect: (_, done) => act('connect', '', done),
    onMailFrom: (_address, _session, done) => act('mail', '', done),
    onRcptTo: ({ address }, _session, done) => act('recipient', address, done),
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      let dropped = false;
      stream.once('data', () => {
        act('data', '', (error) => {
          dropped = error != null;
        });
      });
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (dropped) return done(refusal(451));
        received.push(Buffer.concat(chunks).toString());
        act('taken', '', done);
      });
    },
  });
  server.on('error', () => undefined); // a line that was cut
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const behind = (server.server.address() as { port: number }).port;
  const front = createServer((client) => {
    const line = connect(behind, '127.0.0.1');
    lines.add(client);
    client.on('close', () => lines.delete(client));
    client.on('error', () => line.destroy());
    line.on('error', () => client.destroy());
    client.pipe(line).pipe(client);
    client.on('close', () => line.destroy());
  });
  await new Promise<void>((ready) => front.listen(0, '127.0.0.1', ready));
  const url = `smtp://127.0.0.1:${(front.address() as { port: number }).port}`;
  return {
    url,
    received,
    send: smtpSender(url, 'stint@example.com'),
    close: () => {
      cut();
      front.close();
      server.close(() => undefined);
    },
  };
};

/** Takes everything off the outbox that other tests left in the store they share. */
export const emptyOutbox = async ({ database, clock }: House): Promise<void> => {
  await database.identity
    .updateTable('outbox')
    .set({ done_at: clock() })
    .where('done_at', 'is', null)
    .execute();
};
