import { Argument, type Command } from 'commander';
import { operator } from '#identity/author.ts';
import { listWorkspaces } from '#identity/directory.ts';
import { findUser } from '#identity/members.ts';
import {
  createWorkspace,
  setBillingState,
  setEntitlement,
  setFeature,
  setPlan,
  setStatus,
} from '#identity/workspaces.ts';
import {
  type BillingState,
  entitlementNames,
  type Entitlements,
  type Plan,
  planNames,
} from '#operation/plans.ts';
import { type Desk, misuse } from './desk.ts';
import { plain, table } from './outcome.ts';

const billingStates: BillingState[] = ['active', 'trialing', 'past_due', 'read_only', 'canceled'];
const statuses = ['active', 'suspended', 'closed'] as const;

/** `on`, `off`, or a number of members; `default` goes back to what the plan says. */
const entitlementValue = (key: keyof Entitlements, text: string): boolean | number | null => {
  if (text === 'default') return null;
  if (key === 'members_limit')
    return /^[1-9]\d{0,5}$/.test(text)
      ? Number(text)
      : misuse('members_limit is a number of members, or "default" for what the plan says.');
  if (text === 'on' || text === 'off') return text === 'on';
  return misuse(`${key} is on, off, or "default" for what the plan says.`);
};

/** `stint workspace …` */
export const addWorkspaceCommands = (program: Command, desk: Desk): void => {
  const workspace = program
    .command('workspace')
    .description('workspaces, and what opens or closes access to them');
  const change = (
    signature: string,
    words: string,
    values: readonly (readonly [string, readonly string[]])[],
  ) => {
    const command = workspace
      .command(signature)
      .description(words)
      .argument('<slug>', 'the workspace, by its slug or id');
    for (const [name, choices] of values)
      command.addArgument(new Argument(`<${name}>`).choices([...choices]));
    return command;
  };

  workspace
    .command('list')
    .description('every workspace')
    .action(async () => {
      const all = await listWorkspaces(desk.house());
      desk.answer(all, table(all));
    });

  workspace
    .command('create <name>')
    .description('make a workspace for somebody who has an account')
    .requiredOption('--owner <email>', 'who owns it')
    .option('--slug <slug>', 'its name in addresses; else made from the name')
    .addOption(workspace.createOption('--plan <plan>').choices(planNames).default('business'))
    .option('--currency <code>', 'ISO 4217', 'EUR')
    .option('--timezone <zone>', 'IANA time zone', 'UTC')
    .action(
      async (
        name: string,
        options: { owner: string; slug?: string; plan: Plan; currency: string; timezone: string },
      ) => {
        const house = desk.house();
        const owner = await house.database.aboveWorkspaces(house.clock(), (tx) =>
          findUser(tx, options.owner),
        );
        const { slug, plan, currency, timezone } = options;
        const made = await createWorkspace(
          house,
          { name, ownerId: owner.id, plan, currency, timezone, ...(slug === undefined ? {} : { slug }) },
          operator,
        );
        desk.answer({ id: made.id, slug: made.slug }, `${plain(name)} is there as ${made.slug}.\n`);
      },
    );

  change('plan', 'set the plan', [['plan', planNames]]).action(async (slug: string, plan: Plan) => {
    await setPlan(desk.house(), slug, plan, operator);
    desk.answer({ workspace: slug, plan }, `${slug} is on the plan ${plan}.\n`);
  });

  change('billing', 'set the billing state; past_due starts 14 days of grace', [
    ['state', billingStates],
  ]).action(async (slug: string, state: BillingState) => {
    await setBillingState(desk.house(), slug, state, operator);
    desk.answer({ workspace: slug, billing_state: state }, `The billing state of ${slug} is ${state}.\n`);
  });

  change('status', 'suspend or close a workspace, or make it active again', [['status', statuses]]).action(
    async (slug: string, status: (typeof statuses)[number]) => {
      await setStatus(desk.house(), slug, status, operator);
      desk.answer({ workspace: slug, status }, `${slug} is ${status}.\n`);
    },
  );

  change('entitlement', 'grant or take away one entitlement, whatever the plan says', [
    ['entitlement', entitlementNames],
  ])
    .argument('<value>', 'on, off, a number for members_limit, or default')
    .action(async (slug: string, key: keyof Entitlements, text: string) => {
      const house = desk.house();
      const value = entitlementValue(key, text);
      await setEntitlement(house, slug, key, value, operator);
      desk.answer({ workspace: slug, [key]: value }, `${key} of ${slug} is ${text}.\n`);
    });

  change('feature', 'switch a feature', [
    ['feature', ['mcp']],
    ['value', ['on', 'off']],
  ]).action(async (slug: string, feature: 'mcp', value: 'on' | 'off') => {
    await setFeature(desk.house(), slug, feature, value === 'on', operator);
    desk.answer({ workspace: slug, [feature]: value === 'on' }, `${feature} of ${slug} is ${value}.\n`);
  });
};
