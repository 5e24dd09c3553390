import { Option, type Command } from 'commander';
import { operator } from '#identity/author.ts';
import { listApiTokens, verifyAuditLog } from '#identity/directory.ts';
import { makeApiToken, revokeApiToken } from '#identity/operator-changes.ts';
import { type Desk, misuse, needsWorkspace } from './desk.ts';
import { table } from './outcome.ts';

/** `90d`, `12h`, or `never`. */
const expiry = (text: string, now: Temporal.Instant): Temporal.Instant | null => {
  if (text === 'never') return null;
  const [, number, unit] = /^([1-9]\d{0,4})([dh])$/.exec(text) ?? [];
  if (number === undefined)
    return misuse('--expires is a number of days or hours, like 90d or 12h, or never.');
  return now.add({ hours: Number(number) * (unit === 'd' ? 24 : 1) });
};

/** `stint token …` */
export const addTokenCommands = (program: Command, desk: Desk): void => {
  const token = program.command('token').description('API tokens, for agents and programs without a browser');

  needsWorkspace(token.command('create').description('make an API token and print it, this once'))
    .requiredOption('--email <email>', 'whose it is')
    .requiredOption('--scopes <scopes>', 'separated by commas: time:read,time:write')
    .addOption(new Option('--resource <resource>', 'what it opens').choices(['mcp', 'api']).default('mcp'))
    .option('--name <name>', 'what it is called in lists and the audit log', 'command line')
    .option('--expires <time>', '90d, 12h or never', '90d')
    .action(
      async (options: {
        email: string;
        workspace: string;
        scopes: string;
        resource: 'mcp' | 'api';
        name: string;
        expires: string;
      }) => {
        const house = desk.house();
        const expiresAt = expiry(options.expires, house.clock());
        const scopes = options.scopes.split(/[\s,]+/).filter((scope) => scope !== '');
        const { id, secret } = await makeApiToken(house, { ...options, scopes, expiresAt }, operator);
        desk.answer({ id, token: secret, expires_at: expiresAt?.toString() ?? null }, `${secret}\n`);
      },
    );

  token
    .command('list')
    .description('API tokens, never their secrets')
    .option('--workspace <slug>', 'only of this workspace')
    .option('--email <email>', 'only of this person')
    .action(async (of: { workspace?: string; email?: string }) => {
      const tokens = await listApiTokens(desk.house(), of);
      desk.answer(tokens, table(tokens));
    });

  token
    .command('revoke <id>')
    .description('end an API token for good')
    .action(async (id: string) => {
      await revokeApiToken(desk.house(), id, operator);
      desk.answer({ id, revoked: true }, `${id} is revoked.\n`);
    });
};

/** `stint audit verify --workspace SLUG` */
export const addAuditCommands = (program: Command, desk: Desk): void => {
  const audit = program.command('audit').description('the audit log');
  needsWorkspace(
    audit.command('verify').description('recompute the chain; exit code 5 where it was tampered with'),
  ).action(async ({ workspace }: { workspace: string }) => {
    const found = await verifyAuditLog(desk.house(), workspace);
    if (!found.intact) desk.leave(5);
    desk.answer(
      found,
      found.intact
        ? `The audit log of ${found.workspace} is intact: ${found.entries} entries.\n`
        : `The audit log of ${found.workspace} does not fit from entry ${found.first_broken ?? 0} on.\n`,
    );
  });
};
