import { Option } from 'commander';
import type { Command } from 'commander';
import type { DoorHouse } from '#doors/common/house.ts';
import type { Operation } from '#operation/operation.ts';

/** What a command works with. */
export interface Desk {
  /** The house; a command asks for it before it does anything, and not at all where it only prints: so neither it nor a wrong one opens the store. */
  readonly house: () => DoorHouse;
  /** What `stint call` can do. */
  readonly operations: readonly Operation[];
  /** What was piped in, or undefined. */
  readonly stdin: string | undefined;
  /** Answers: `value` as JSON with --json, else the text. */
  readonly answer: (value: unknown, text: string) => void;
  /** Ends the command with another code than 0. */
  readonly leave: (exitCode: number) => void;
}

/** `--workspace SLUG`, which the command cannot do without. */
export const needsWorkspace = (command: Command): Command =>
  command.addOption(
    new Option('--workspace <slug>', 'the workspace, by its slug or id').makeOptionMandatory(),
  );

/** Throws to say that the command was not well formed. */
export const misuse = (sentence: string): never => {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- a value, told apart by isMisuse; Refusal is the only class
  throw { misuse: sentence };
};
