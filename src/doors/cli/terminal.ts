import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Everything that is piped in. */
const piped = async (): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/** Asks a person at a terminal for a line without showing it. */
const hidden = (question: string): Promise<string> => {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  return new Promise((answered, fail) => {
    // With ^C, ^D or the end of the terminal; after an answer it changes nothing.
    lines.once('close', () => fail(new Error('No password was given.')));
    lines.question('', answered);
  }).finally(() => {
    lines.close();
    process.stderr.write('\n');
  }) as Promise<string>;
};

/** Reads standard input for the commands that take something from it: a password without echo, or JSON for `call … -`. */
export const readStdin = async (argv: readonly string[]): Promise<string | undefined> => {
  if (argv.includes('--password-stdin') && argv.includes('user'))
    return process.stdin.isTTY ? hidden('Password: ') : piped();
  return argv.includes('call') && argv.includes('-') ? piped() : undefined;
};
