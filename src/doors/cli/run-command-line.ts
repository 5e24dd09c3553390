import type { Config } from '#config.ts';
import { StoreInUse } from '#database/embedded/folder-lock.ts';
import type { DoorHouse } from '#doors/common/house.ts';
import { commandLine, type OwnCommands } from './command-line.ts';
import { askServer } from './operator-socket.ts';
import type { CommandRequest, Outcome } from './outcome.ts';
import { readStdin } from './terminal.ts';

/** What main.ts brings: how to serve, and how to open the house for one command. */
export interface Wiring extends OwnCommands {
  /** Reads the environment; throws a sentence where it is wrong. */
  readonly config: () => Config;
  readonly open: (config: Config) => Promise<{ readonly house: DoorHouse; close(): Promise<void> }>;
}

const needsHouse = Symbol('the command needs the house');

const failure = (exitCode: number, error: unknown): Outcome => ({
  stdout: '',
  stderr: `${sentenceOf(error)}\n`,
  exitCode,
});

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** A refused connection to several addresses is an AggregateError without a message. */
const sentenceOf = (error: unknown): string =>
  error instanceof Error && error.message !== '' ? error.message : codeOf(error) || String(error);

/** What nobody answering looks like: from the network, and PostgreSQL's own for a wrong password or database. */
const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
  '28P01',
  '28000',
  '3D000',
]);
const isStoreTrouble = (error: unknown): boolean =>
  error instanceof StoreInUse || unreachable.has(codeOf(error));

/** On the running server where there is one, else on the store itself. */
const operate = async (config: Config, request: CommandRequest, wiring: Wiring): Promise<Outcome> => {
  if (config.databaseUrl === null) {
    const answered = await askServer(config.dataDir, request);
    if (answered !== null) return answered;
  }
  const { house, close } = await wiring.open(config);
  try {
    return await commandLine(house, request, wiring);
  } finally {
    await close();
  }
};

/**
 * Runs `stint …`: help and mistakes without touching anything, `serve` in this process, everything else on the server that holds the
 * store, or on the store itself where none runs. Gives the outcome to print.
 */
export const runCommandLine = async (argv: readonly string[], wiring: Wiring): Promise<Outcome> => {
  try {
    // The first pass finds mistakes; it ends where a command reaches for the house.
    return await commandLine(
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- never leaves this function
        throw needsHouse;
      },
      { argv },
      { serve: wiring.serve },
    );
  } catch (reached) {
    if (reached !== needsHouse) return failure(isStoreTrouble(reached) ? 3 : 1, reached);
  }
  let config: Config;
  try {
    config = wiring.config();
  } catch (error) {
    return failure(2, error);
  }
  try {
    const stdin = await readStdin(argv);
    return await operate(config, { argv, ...(stdin === undefined ? {} : { stdin }) }, wiring);
  } catch (error) {
    return failure(isStoreTrouble(error) ? 3 : 1, error);
  }
};
