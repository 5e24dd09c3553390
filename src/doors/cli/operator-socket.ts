import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { CommandRequest, Outcome } from './outcome.ts';

/** A UNIX socket's path has at most 104 bytes on macOS and 108 on Linux, with the zero at its end. */
const longestPath = 100;
const largestRequest = 4 * 1024 * 1024;

const inFolder = (dataDir: string): string => join(resolve(dataDir), 'operator.sock');
/** Holds the address where it cannot be in the folder itself. The folder is its owner's alone, and so is what it says. */
const addressFile = (dataDir: string): string => join(resolve(dataDir), 'operator.address');
const fits = (path: string): boolean =>
  process.platform !== 'win32' && Buffer.byteLength(path) <= longestPath;

/** An address that nobody else can take or guess: a pipe with a random name, or a socket in a fresh folder of mode 0700. */
const addressElsewhere = async (dataDir: string): Promise<string> => {
  if (process.platform === 'win32') {
    const name = createHash('sha256').update(resolve(dataDir)).update(randomBytes(16)).digest('hex');
    return `\\\\.\\pipe\\stint-${name.slice(0, 40)}`;
  }
  return join(await mkdtemp(join(tmpdir(), 'stint-')), 'operator.sock');
};

/** What came instead of a line of JSON. */
type NoLine = 'nothing' | 'too_long' | 'not_json';

/** Reads one line of JSON of at most `most` bytes; `nothing` where the other side ended before a byte came. */
const readLine = (socket: Socket, most = Infinity): Promise<{ value: unknown } | NoLine> =>
  new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const parse = () => {
      try {
        done({ value: JSON.parse(Buffer.concat(chunks).toString('utf8')) });
      } catch {
        done('not_json');
      }
    };
    socket.on('data', (chunk: Buffer) => {
      const end = chunk.indexOf(0x0a);
      const part = end === -1 ? chunk : chunk.subarray(0, end);
      length += part.length;
      if (length <= most) chunks.push(part);
      else done('too_long');
      if (end !== -1) parse();
    });
    socket.on('error', fail);
    // A line without its end may be cut off, and half of a command is none.
    for (const event of ['end', 'close']) socket.on(event, () => done(length === 0 ? 'nothing' : 'not_json'));
  });

const isRequest = (value: unknown): value is CommandRequest =>
  typeof value === 'object' &&
  value !== null &&
  Array.isArray((value as CommandRequest).argv) &&
  (value as CommandRequest).argv.every((word) => typeof word === 'string') &&
  ['string', 'undefined'].includes(typeof (value as CommandRequest).stdin);

const malformed = (sentence: string): Outcome => ({ stdout: '', stderr: `${sentence}\n`, exitCode: 2 });

/** Does what a line asks for, or says why it is no command; null where nobody asked anything. */
const answerLine = async (
  line: { value: unknown } | NoLine,
  answer: (request: CommandRequest) => Promise<Outcome>,
): Promise<Outcome | null> => {
  if (line === 'nothing') return null;
  if (line === 'too_long')
    return malformed(`A command has at most ${largestRequest} bytes, its arguments and its input together.`);
  if (line === 'not_json' || !isRequest(line.value))
    return malformed(
      'A command is one line of JSON: {"argv": ["word", …]}, with "stdin" where it has input.',
    );
  return answer(line.value);
};

/**
 * Takes commands from the same machine while the server holds the embedded store: a socket (Windows: a named pipe) that only the
 * owner of the data folder can open; one line of JSON in, one out. The caller holds the folder's lock, so a socket that is there
 * already is left over.
 */
export const operatorSocket = async (
  dataDir: string,
  answer: (request: CommandRequest) => Promise<Outcome>,
): Promise<{ readonly address: string; close(): Promise<void> }> => {
  const own = fits(inFolder(dataDir));
  const address = own ? inFolder(dataDir) : await addressElsewhere(dataDir);
  if (own) await rm(address, { force: true });
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    readLine(socket, largestRequest)
      .then((line) => answerLine(line, answer))
      .then((outcome) => (outcome === null ? socket.end() : socket.end(`${JSON.stringify(outcome)}\n`)))
      .catch(() => socket.destroy());
  });
  await new Promise<void>((listening, fail) => {
    server.once('error', fail);
    server.listen(address, listening);
  });
  if (process.platform !== 'win32') await chmod(address, 0o600);
  if (own) await rm(addressFile(dataDir), { force: true });
  else await writeFile(addressFile(dataDir), address, { mode: 0o600 });
  return {
    address,
    close: async () => {
      await new Promise<void>((closed) => {
        server.close(() => closed());
        for (const socket of open) socket.destroy();
      });
      if (own) return;
      await rm(addressFile(dataDir), { force: true });
      if (process.platform !== 'win32') await rm(dirname(address), { recursive: true, force: true });
    },
  };
};

const addressOf = async (dataDir: string): Promise<string | null> => {
  if (fits(inFolder(dataDir))) return inFolder(dataDir);
  return readFile(addressFile(dataDir), 'utf8').catch(() => null);
};

/** Has the running server do it; null where none runs on this data folder. */
export const askServer = async (dataDir: string, request: CommandRequest): Promise<Outcome | null> => {
  const address = await addressOf(dataDir);
  if (address === null) return null;
  const socket = await new Promise<Socket | null>((connected, fail) => {
    const attempt = createConnection(address);
    attempt.once('connect', () => connected(attempt));
    attempt.once('error', (error: NodeJS.ErrnoException) =>
      ['ENOENT', 'ENOTDIR', 'EACCES', 'ECONNREFUSED', 'ENOTSOCK'].includes(error.code ?? '')
        ? connected(null)
        : fail(error),
    );
  });
  if (socket === null) return null;
  const answered = readLine(socket);
  socket.write(`${JSON.stringify(request)}\n`);
  const line = await answered;
  socket.destroy();
  if (typeof line === 'object') return line.value as Outcome;
  return {
    stdout: '',
    stderr: 'The running Stint ended before it answered; whether it was done is not known.\n',
    exitCode: 3,
  };
};
