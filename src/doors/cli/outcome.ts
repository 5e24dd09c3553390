import type { Refusal } from '#values/refusal.ts';

/** What a command is given: its words, and what was piped into it where it asks for that. */
export interface CommandRequest {
  readonly argv: readonly string[];
  readonly stdin?: string;
}

/** What a command answers; the same whether it ran in this process or in the server. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** What each exit code means; scripts rely on them. */
export const exitCodes = {
  0: 'Done.',
  1: 'Refused, or it failed; the sentence says which.',
  2: 'The command or its arguments are not right; nothing was tried.',
  3: 'The store is in use by another process, or the database does not answer.',
  4: 'The person, workspace, token or record named does not exist.',
  5: 'An audit log does not verify.',
} as const;

/** The exit code of a refusal. */
export const exitCodeOf = ({ kind }: Refusal): number =>
  kind === 'not_found' ? 4 : kind === 'unavailable' ? 3 : kind === 'invalid' ? 2 : 1;

/** Whether the words of a command ask for JSON; they may be wrong otherwise, and their answer is JSON all the same. */
export const wantsJson = (argv: readonly string[]): boolean => argv.includes('--json');

/** JSON as the command line prints it: instants as text, big numbers as digits. */
export const json = (value: unknown): string =>
  `${JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part), 2)}\n`;

/** Text that goes to a terminal: without control characters that a name could smuggle in. */
export const plain = (text: string): string => text.replaceAll(/\p{C}/gu, '�');

/** What failed, as it goes to standard error. */
export const failureText = (error: { code: string; message: string }, asJson: boolean): string =>
  asJson ? json({ error }) : `${error.message.split('\n').map(plain).join('\n')}\n`;

/** A command that was not well formed in a way that the parser cannot know. */
export interface Misuse {
  readonly misuse: string;
}
export const isMisuse = (error: unknown): error is Misuse =>
  typeof error === 'object' && error !== null && 'misuse' in error;

const cell = (value: unknown): string => {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return plain(value.join(','));
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value instanceof Temporal.Instant) return value.toString({ smallestUnit: 'second' });
  return plain(typeof value === 'string' ? value : JSON.stringify(value));
};

/** Rows as aligned columns with a heading. */
export const table = (rows: readonly object[]): string => {
  const [first] = rows;
  if (first === undefined) return 'Nothing.\n';
  const heads = Object.keys(first);
  const lines = [
    heads.map((head) => head.toUpperCase()),
    ...rows.map((row) => heads.map((head) => cell(row[head as keyof typeof row]))),
  ];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
    .concat('\n');
};
