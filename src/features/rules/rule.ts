import { z } from 'zod';
import { clientId } from '#features/clients/client.ts';
import { projectId } from '#features/projects/project.ts';
import { rateInput } from '#features/rates/rate.ts';
import { memberId, taskId } from '#features/tasks/task.ts';
import { visibleWith } from '#operation/visible.ts';
import { counted } from '#values/counted.ts';
import { idSchema } from '#values/id.ts';
import { dateInput } from '#values/local-time.ts';
import { currencyInput } from '#values/money.ts';
import { refusal } from '#values/refusal.ts';
import { type ConditionOp, conditionFields, conditionOps } from './condition.ts';

export const ruleId = idSchema('rul');
/** The most rules that a workspace has. */
export const mostRules = 50;

const ops = [...new Set(Object.values(conditionOps).flat())] as [ConditionOp, ...ConditionOp[]];
const one = z.union([z.string().max(200), z.number()]);
const conditionShape = {
  field: z
    .enum(conditionFields)
    .describe('What it looks at. text: description and task name; hour: of the start; weekday: of the day.'),
  op: z
    .enum(ops)
    .describe(
      'contains to ends_with, is_empty: text. is, is_not: the others but duration. is_empty: client, project, tag. at_least, less_than: hour, duration_seconds.',
    ),
  value: z
    .union([one, z.boolean(), z.array(one).min(1).max(50)])
    .optional()
    .describe(
      'Text, an id (a tag’s name too), monday to sunday, 0 to 23, seconds, or web, mcp, api, cli, import. A list: any of these.',
    ),
};

/** The conditions of a rule as its writes take them. */
export const whenInput = z
  .strictObject({
    all: z.array(z.strictObject(conditionShape)).max(10).describe('All must hold; [] holds always.'),
  })
  .describe('When it fires.');
export type WhenGiven = z.output<typeof whenInput>;

const name60 = z.string().trim().min(1).max(60);
const actionInput = z.strictObject({
  add_tag: name60.optional().describe('Tag to add, by id or name.'),
  remove_tag: name60.optional().describe('Tag to take off, by id or name.'),
  set_project: projectId.optional().describe('Project to put it into.'),
  set_task: taskId.optional().describe('Task to put it on; its project follows.'),
  set_billable: z.boolean().optional().describe('Whether it can be invoiced.'),
  set_rate: rateInput.optional().describe('Rate per hour, like "85.00"; managers only.'),
  currency: currencyInput.optional().describe('Of set_rate; default: the workspace’s.'),
  append_note: z.string().trim().min(1).max(500).optional().describe('Line to add to the description.'),
});
export const thenInput = z.array(actionInput).min(1).max(10).describe('What it does, in order.');
export type ThenGiven = z.output<typeof thenInput>;

const scopeShape = {
  member_ids: z.array(memberId).min(1).max(50).optional().describe('Only time of these members.'),
  client_ids: z.array(clientId).min(1).max(50).optional().describe('Only time for these clients.'),
};
export const scopeInput = z
  .strictObject(scopeShape)
  .describe('Whose time; default all, for members their own.');
export type ScopeGiven = z.output<typeof scopeInput>;

export const ruleName = z.string().trim().min(1).max(100).describe('Name.');
export const enforceInput = z
  .boolean()
  .describe('true: holds again at every change, even over what a person set by hand.');

/** What the rule would do, or did, to time that is there already. */
export const backfillInput = z
  .strictObject({
    from: dateInput.describe('First day, YYYY-MM-DD.'),
    to: dateInput.describe('Last day.'),
    dry_run: z.boolean().default(true).describe('true: only say what it would do.'),
  })
  .describe('Run it over past time too; locked entries are skipped. Dry run first.');
export type BackfillGiven = z.output<typeof backfillInput>;

const idOrNull = z.string().nullable();
const fromTo = (what: string) =>
  z
    .object({ from: idOrNull.describe('Before.'), to: idOrNull.describe('After.') })
    .optional()
    .describe(what);
/** What a rule changed in an entry. */
export const changesView = z.object({
  project_id: fromTo('Its project.'),
  client_id: fromTo('Its client.'),
  task_id: fromTo('Its task.'),
  billable: z
    .object({ from: z.boolean().describe('Before.'), to: z.boolean().describe('After.') })
    .optional()
    .describe('Whether it can be invoiced.'),
  rate: visibleWith(
    'amounts',
    z.object({ from: idOrNull.describe('Before.'), to: idOrNull.describe('After.') }).describe('Per hour.'),
  ),
  tags: z
    .object({
      added: z.array(z.string()).describe('Ids added.'),
      removed: z.array(z.string()).describe('Ids taken off.'),
    })
    .optional()
    .describe('Its tags.'),
  note: z.string().optional().describe('Line added to the description.'),
});

/** What a run over the past found and did. */
export const backfillView = z.object({
  dry_run: z.boolean().describe('true: nothing was changed.'),
  looked_at: z.number().int().describe('Entries of these days in its scope.'),
  matched: z.number().int().describe('Of these, where its conditions hold.'),
  changed: z.number().int().describe('Entries changed, or that would be.'),
  unchanged: z.number().int().describe('Matched, with nothing to do.'),
  skipped: z
    .array(
      z.object({
        reason: z.string().describe('locked, or why an action was left out.'),
        count: z.number().int().describe('Matched entries.'),
        entry_ids: z.array(z.string()).describe('The first twenty.'),
      }),
    )
    .describe('What was not done, and why.'),
  entries: z
    .array(
      z.object({
        entry_id: z.string().describe('The entry.'),
        changes: changesView.describe('What changes in it.'),
      }),
    )
    .describe('The first twenty that change.'),
});

/** A rule as every door shows it. */
export const ruleView = z.object({
  id: ruleId,
  name: z.string().describe('Its name.'),
  enabled: z.boolean().describe('Whether it runs.'),
  position: z.number().int().describe('Place in the order, from 1.'),
  summary: z.string().describe('The same as when and then, in a sentence.'),
  when: z
    .object({ all: z.array(z.object(conditionShape)).describe('All must hold.') })
    .describe('When it fires.'),
  then: z
    .array(
      z.object({
        add_tag: z.string().optional().describe('Tag id to add.'),
        remove_tag: z.string().optional().describe('Tag id to take off.'),
        set_project: projectId.optional().describe('Project to put it into.'),
        set_task: taskId.optional().describe('Task to put it on.'),
        set_billable: z.boolean().optional().describe('Whether it can be invoiced.'),
        set_rate: visibleWith('amounts', z.string().describe('Rate per hour.')),
        currency: z.string().optional().describe('Of the rate.'),
        append_note: z.string().optional().describe('Line to add.'),
      }),
    )
    .describe('What it does, in order.'),
  scope: z.object(scopeShape).describe('Whose time; {} is everybody’s.'),
  always_enforce: z.boolean().describe('Whether it overrules what was set by hand.'),
  created_by: memberId.describe('Who made it.'),
  stats: z
    .object({
      fired: z.number().int().describe('Changes so far, of time the user may see.'),
      last_at: z.string().nullable().describe('When last.'),
    })
    .describe('How often it fired.'),
  version: z.number().int().describe('Give it as expected_version.'),
});

export const ruleLoop = refusal<{ message: string }>(
  'rule_loop',
  'invalid',
  'The actions of the rule undo each other.',
  ({ message }) => message,
);
export const planLimit = refusal<{ limit: number; what: string }>(
  'plan_limit',
  'conflict',
  'The workspace has as many of these as it can.',
  ({ limit, what }) =>
    `This workspace has ${counted(limit, what)}, which is the most. Delete one that is not needed.`,
);
