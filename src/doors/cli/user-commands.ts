import { randomInt } from 'node:crypto';
import type { Command } from 'commander';
import { accountExists, createAccount, setDisabled, signUp } from '#identity/accounts.ts';
import { operator } from '#identity/author.ts';
import { listUsers } from '#identity/directory.ts';
import { setPassword } from '#identity/operator-changes.ts';
import { type Desk, misuse } from './desk.ts';
import { plain, table } from './outcome.ts';

const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
/** Five groups of five letters and digits that are not mistaken for each other: 123 bits. */
const generated = (): string =>
  Array.from({ length: 5 }, () =>
    Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join(''),
  ).join('-');

const passwordFrom = (desk: Desk, given: boolean | undefined): { password: string; made: boolean } => {
  if (given !== true) return { password: generated(), made: true };
  const password = desk.stdin?.split(/\r?\n/)[0] ?? '';
  return password === ''
    ? misuse('--password-stdin reads the password from standard input, and there was none.')
    : { password, made: false };
};

const tell = (sentence: string, { password, made }: { password: string; made: boolean }): string =>
  made ? `${sentence}\nPassword: ${password}\n` : `${sentence}\n`;

const passwordOption = [
  '--password-stdin',
  'read the password from standard input; else one is made and printed',
] as const;

/** `stint user …` */
export const addUserCommands = (program: Command, desk: Desk): void => {
  const user = program.command('user').description('accounts of people');

  user
    .command('list')
    .description('every account')
    .action(async () => {
      const users = await listUsers(desk.house());
      desk.answer(users, table(users));
    });

  user
    .command('create <email>')
    .description('make an account, with a workspace of its own unless told otherwise')
    .requiredOption('--name <name>', 'what the person is called')
    .option('--timezone <zone>', 'IANA time zone', 'UTC')
    .option('--currency <code>', 'currency of the workspace', 'EUR')
    .option('--no-own-workspace', 'for somebody who is then added to another: stint member add')
    .option(...passwordOption)
    .action(
      async (
        email: string,
        options: {
          name: string;
          timezone: string;
          currency: string;
          ownWorkspace: boolean;
          passwordStdin?: boolean;
        },
      ) => {
        const house = desk.house();
        const secret = passwordFrom(desk, options.passwordStdin);
        const { name, timezone, currency } = options;
        const person = { email, name, timezone, password: secret.password };
        const made = options.ownWorkspace
          ? await signUp(house, { ...person, currency }, operator)
          : { created: true as const, userId: await createAccount(house, person), slug: null };
        if (!made.created) throw accountExists({ email });
        const workspace = made.slug === null ? 'no workspace yet' : `the workspace ${made.slug}`;
        desk.answer(
          {
            user_id: made.userId,
            workspace: made.slug,
            ...(secret.made ? { password: secret.password } : {}),
          },
          tell(`${plain(email)} has an account, and ${workspace}.`, secret),
        );
      },
    );

  user
    .command('set-password <email>')
    .description('set a forgotten password and end every session')
    .option(...passwordOption)
    .action(async (email: string, options: { passwordStdin?: boolean }) => {
      const house = desk.house();
      const secret = passwordFrom(desk, options.passwordStdin);
      await setPassword(house, email, secret.password, operator);
      desk.answer(
        { email, ...(secret.made ? { password: secret.password } : {}) },
        tell(`${plain(email)} has a new password; every session has ended.`, secret),
      );
    });

  for (const [verb, disabled, words] of [
    ['disable', true, 'stop every access of a person, on the next request'],
    ['enable', false, 'give a disabled person access again'],
  ] as const) {
    user
      .command(`${verb} <email>`)
      .description(words)
      .action(async (email: string) => {
        await setDisabled(desk.house(), email, disabled, operator);
        desk.answer({ email, disabled }, `${plain(email)} is ${verb}d.\n`);
      });
  }
};
