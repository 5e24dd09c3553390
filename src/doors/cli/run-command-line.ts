import type { Config } from '#config.ts';
import { StoreInUse } from '#database/embedded/folder-lock.ts';
import { isUnreachable } from '#database/unreachable.ts';
import type { DoorHouse } from '#doors/common/house.ts';
import type { Operation } from '#operation/operation.ts';
import { commandLine, type OwnCommands } from './command-line.ts';
import { askServer } from './operator-socket.ts';
import { type CommandRequest, failureText, type Outcome, wantsJson } from './outcome.ts';
import { readStdin } from './terminal.ts';

/** What program.ts brings: what can be called, how to serve, and how to open the house for one command. */
export interface Wiring extends OwnCommands {
  readonly operations: readonly Operation[];
  /** Reads the environment; throws a sentence where it is wrong. */
  readonly config: () => Config;
  readonly open: (config: Config) => Promise<{ readonly house: DoorHouse; close(): Promise<void> }>;
}

const needsHouse = Symbol('the command needs the house');

/** What stops a command before it runs, or `serve` at its start; code 3 where it is the store. */
const failure = (argv: readonly string[], error: unknown, otherwise: 1 | 2 = 1): Outcome => {
  const store = error instanceof StoreInUse || isUnreachable(error);
  const message = error instanceof Error ? error.message : String(error);
  const code = store ? 'store_unavailable' : otherwise === 2 ? 'configuration' : 'failed';
  return {
    stdout: '',
    stderr: failureText({ code, message }, wantsJson(argv)),
    exitCode: store ? 3 : otherwise,
  };
};

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
 * Runs `stint …`: help, mistakes and what only prints without touching anything, `serve` in this process, everything else on the server that holds the
 * store, or on the store itself where none runs. Gives the outcome to print.
 */
export const runCommandLine = async (argv: readonly string[], wiring: Wiring): Promise<Outcome> => {
  try {
    // The first pass finds mistakes; it ends where a command reaches for the house.
    return await commandLine(
      {
        operations: wiring.operations,
        reach: () => {
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- never leaves this function
          throw needsHouse;
        },
      },
      { argv },
      { serve: wiring.serve },
    );
  } catch (reached) {
    if (reached !== needsHouse) return failure(argv, reached);
  }
  let config: Config;
  try {
    config = wiring.config();
  } catch (error) {
    return failure(argv, error, 2);
  }
  try {
    const stdin = await readStdin(argv);
    return await operate(config, { argv, ...(stdin === undefined ? {} : { stdin }) }, wiring);
  } catch (error) {
    return failure(argv, error);
  }
};
