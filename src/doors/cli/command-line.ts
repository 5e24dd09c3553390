import { Command, CommanderError } from 'commander';
import { version } from '#config.ts';
import type { DoorHouse } from '#doors/common/house.ts';
import type { Operation } from '#operation/operation.ts';
import { isKeepable } from '#values/keepable.ts';
import { Refusal } from '#values/refusal.ts';
import { addCallCommands } from './call-commands.ts';
import { type Desk, misuse } from './desk.ts';
import { addMemberCommands } from './member-commands.ts';
import {
  type CommandRequest,
  exitCodeOf,
  failureText,
  isMisuse,
  json,
  type Outcome,
  wantsJson,
} from './outcome.ts';
import { addAuditCommands, addTokenCommands } from './token-commands.ts';
import { addUserCommands } from './user-commands.ts';
import { addWorkspaceCommands } from './workspace-commands.ts';

/** What only a process of its own can do; a running server is never asked for it. */
export interface OwnCommands {
  /** Serves until it is told to stop. */
  readonly serve: (options: { empty: boolean }) => Promise<void>;
  /** Fills an empty store with the story; answers what it made. */
  readonly seed: (house: DoorHouse) => Promise<string>;
}

/** In place of a house, for what needs none: `reach` throws, and that is passed on. */
export interface NoHouse {
  readonly operations: readonly Operation[];
  readonly reach: () => never;
}

/** The whole command line as commander knows it, for parsing and for the reference page. */
export const commands = (desk: Desk, own: Partial<OwnCommands> = {}): Command => {
  const program = new Command('stint')
    .description('Time tracking and invoicing that people and their AI agents run together.')
    .option('--json', 'answer in JSON')
    .version(version, '--version', 'the release of this Stint')
    .exitOverride();
  program
    .command('serve')
    .description('open the doors: web pages, MCP, OAuth and REST')
    .option('--empty', 'start without the example workspace')
    .action(async ({ empty = false }: { empty?: boolean }) => {
      if (own.serve === undefined) return misuse('A server that runs is not asked to serve.');
      await own.serve({ empty });
    });
  program
    .command('seed')
    .description('write the example workspace into an empty store')
    .action(async () => {
      const house = desk.house();
      if (own.seed === undefined) throw new Error('whoever runs commands brings no example workspace');
      const text = await own.seed(house);
      desk.answer({ text }, `${text}\n`);
    });
  addUserCommands(program, desk);
  addWorkspaceCommands(program, desk);
  addMemberCommands(program, desk);
  addTokenCommands(program, desk);
  addAuditCommands(program, desk);
  addCallCommands(program, desk);
  return program;
};

/** What the parser says, as a sentence: without its prefix, on one line. */
const sentenceOf = (said: string): string => {
  const text = said
    .replace(/^error: /, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.)?]$/.test(text) ? '' : '.'}`;
};

/**
 * Runs one command on `house` and gives what it says. Never throws: a refusal is a sentence and an exit code. Without a house only what
 * its `reach` throws is thrown, so that a caller can parse first and open the store only for what needs it.
 */
export const commandLine = async (
  house: DoorHouse | NoHouse,
  { argv, stdin }: CommandRequest,
  own: Partial<OwnCommands> = {},
): Promise<Outcome> => {
  let [stdout, stderr, exitCode] = ['', '', 0];
  const asJson = wantsJson(argv);
  const fail = (code: number, error: { code: string; message: string }) => {
    stderr += failureText(error, asJson);
    exitCode = code;
  };
  let said = '';
  const desk: Desk = {
    house: () => ('reach' in house ? house.reach() : house),
    operations: house.operations.filter(({ doors }) => doors.has('cli')),
    stdin,
    answer: (value, text) => (stdout += asJson ? json(value) : text),
    leave: (code) => (exitCode = code),
  };
  const program = commands(desk, own);
  const listen = (command: Command) => {
    command.exitOverride().configureOutput({
      writeOut: (text) => (stdout += text),
      writeErr: (text) => (said += text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
    command.commands.forEach(listen);
  };
  listen(program);
  try {
    // No shell passes them on, but the socket would.
    if (!argv.every(isKeepable))
      misuse('A word holds a character that is not text: NUL, or half of a surrogate pair.');
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) stderr += said;
      else if (asJson) {
        const message = error.code === 'commander.help' ? 'Name a command; stint --help lists them.' : said;
        fail(2, { code: 'usage', message: sentenceOf(message) });
      } else [stderr, exitCode] = [said, 2];
    } else if (error instanceof Refusal) fail(exitCodeOf(error), error.toJSON());
    else if (isMisuse(error)) fail(2, { code: 'usage', message: error.misuse });
    else if ('reach' in house) throw error;
    else {
      house.log.error({ err: error, command: argv.slice(0, 2) }, 'a command failed');
      fail(1, { code: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { stdout, stderr, exitCode };
};
