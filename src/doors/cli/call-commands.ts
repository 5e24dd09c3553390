import { randomUUID } from 'node:crypto';
import type { Command, Option } from 'commander';
import { readTexts } from '#doors/common/read-text.ts';
import { houseVia, loadActor } from '#identity/actor.ts';
import { findUser } from '#identity/members.ts';
import { findWorkspace } from '#identity/workspaces.ts';
import { argumentLines } from '#operation/docs.ts';
import type { Operation } from '#operation/operation.ts';
import { run } from '#operation/run.ts';
import { type Desk, misuse, needsWorkspace } from './desk.ts';
import { table } from './outcome.ts';

const asObject = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // falls through to the sentence
  }
  return misuse('The arguments must be a JSON object.');
};

/** `--client-id x --archived` → `client_id: x, archived: true`, by the types of the schema. */
const fromFlags = (operation: Operation, words: readonly string[]): Record<string, unknown> => {
  const texts: [string, string][] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const [, no, flag, value] = /^--(no-)?([a-z][a-z0-9_-]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (flag === undefined) return misuse(`"${word}" is neither JSON nor a flag like --name.`);
    const name = flag.replaceAll('-', '_');
    const next = words[index + 1];
    if (value !== undefined) texts.push([name, value]);
    else if (no !== undefined) texts.push([name, 'false']);
    else if (next === undefined || next.startsWith('--')) texts.push([name, 'true']);
    else {
      texts.push([name, next]);
      index += 1;
    }
  }
  return readTexts(operation.input, texts);
};

/** The arguments of a call: JSON, `-` for JSON from standard input, flags, or JSON with flags over it. */
const argumentsOf = (operation: Operation, words: readonly string[], stdin: string | undefined) => {
  const [first = '', ...rest] = words;
  if (first === '-') return { ...asObject(stdin ?? ''), ...fromFlags(operation, rest) };
  if (first === '' || first.startsWith('--')) return fromFlags(operation, words);
  return { ...asObject(first), ...fromFlags(operation, rest) };
};

/** What `stint call OPERATION --help` adds: what it does, and its arguments as flags, but for those that `call` has itself (`own`). */
const helpOn = (operation: Operation, own: readonly Option[]): string => {
  const { name, summary, guidance = '' } = operation;
  const flags = argumentLines(operation)
    .replaceAll(/^- `([^`]*)`/gm, (_, flag: string) =>
      own.some((option) => option.name() === flag) ? `  ${flag}, in JSON only` : `  --${flag}`,
    )
    .replaceAll(/^( +)- `([^`]*)`/gm, '    $1$2');
  return `\n${name}: ${`${summary} ${guidance}`.trim()}\n\nArguments:\n${flags}`;
};

/** `stint operations` and `stint call OPERATION …` */
export const addCallCommands = (program: Command, desk: Desk): void => {
  program
    .command('operations')
    .description('everything that `stint call` can do')
    .action(() => {
      const all = desk.operations.map(({ name, effect, summary }) => ({ name, effect, summary }));
      desk.answer(all, table(all));
    });

  const find = (name: string): Operation | undefined => desk.operations.find((each) => each.name === name);

  needsWorkspace(
    program
      .command('call <operation> [arguments...]')
      .description(
        'run an operation as a member: arguments as JSON, - for JSON from standard input, or --flags',
      )
      .requiredOption('--email <email>', 'as whom')
      .option('--yes', 'do what deletes something or reaches people outside')
      .addHelpText('after', ({ command: { args, options } }) => {
        const [name] = args.filter((word) => !word.startsWith('-'));
        const operation = name === undefined ? undefined : find(name);
        return operation === undefined
          ? '\n`stint operations` lists the operations; `stint call OPERATION --help` says what one takes.'
          : helpOn(operation, options);
      })
      .allowUnknownOption(),
  ).action(
    async (name: string, words: string[], options: { email: string; workspace: string; yes?: boolean }) => {
      const operation = find(name);
      if (operation === undefined)
        return misuse(`There is no operation "${name}". \`stint operations\` lists them.`);
      const house = desk.house();
      const input = argumentsOf(operation, words, desk.stdin);
      const { effect, asks } = operation;
      const mustAsk = effect === 'delete' || effect === 'send' || asks !== undefined;
      if (mustAsk && options.yes !== true && input['dry_run'] !== true) {
        const what =
          effect === 'delete'
            ? 'deletes something'
            : effect === 'send'
              ? 'reaches people outside'
              : 'is done only when you want exactly that';
        return misuse(
          `${name} ${what}. Add --yes to do it${effect === 'delete' ? ', or --dry-run to see what it would do' : ''}.`,
        );
      }
      const { userId, workspaceId } = await house.database.aboveWorkspaces(house.clock(), async (tx) => ({
        userId: (await findUser(tx, options.email)).id,
        workspaceId: (await findWorkspace(tx, options.workspace)).id,
      }));
      const via = houseVia('operator', 'command line');
      const actor = await loadActor(house.database, { userId, workspaceId, via });
      const answer = await run(house, actor, operation, input, {
        id: randomUUID(),
        source: 'cli',
        ipPrefix: null,
      });
      desk.answer(answer, `${JSON.stringify(answer, null, 2)}\n`);
    },
  );
};
