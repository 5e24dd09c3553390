import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { clientId } from '#features/clients/client.ts';
import { projectId } from '#features/projects/project.ts';
import { unbilledSql } from '#features/rates/worth.ts';
import { tagId } from '#features/tags/tag.ts';
import { memberId, taskId } from '#features/tasks/task.ts';
import { roleCovers } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import { dateInput, refuseReversed } from '#values/local-time.ts';
import { accessDenied, validationFailed } from '#values/refusal.ts';
import { restorableSince } from '#values/restorable.ts';
import { refuseOthers } from './time-entry.ts';

const few = <Schema extends z.ZodType>(id: Schema) => z.array(id).min(1).max(50).optional();

/** The arguments that choose entries. */
export const filterInput = {
  from: dateInput.optional().describe('First day, YYYY-MM-DD.'),
  to: dateInput.optional().describe('Last day, inclusive.'),
  member_id: memberId.optional().describe('Default: the user’s; others’ only for managers.'),
  all_members: z.boolean().default(false).describe('true: everybody’s time, for managers.'),
  project_ids: few(projectId).describe('Only of these projects.'),
  client_ids: few(clientId).describe('Only for these clients.'),
  task_id: taskId.optional().describe('Only of this task.'),
  tag_ids: few(tagId).describe('Only with one of these tags.'),
  billable: z.boolean().optional().describe('Only billable ones, or only others.'),
  running: z.boolean().optional().describe('true: only timers, running or paused; false: none.'),
  state: z
    .enum(['unbilled', 'draft', 'invoiced', 'paid'])
    .optional()
    .describe('How far billing got: unbilled, on a draft, on an issued invoice, on a paid one.'),
  locked: z.boolean().optional().describe('Only locked ones, or only others.'),
  q: z.string().max(100).optional().describe('Text in description or task.'),
};
/** `running` and `locked` are asked by the list alone. */
export type EntryFilter = z.output<z.ZodObject<typeof filterInput>>;

const invoiceIs = (condition: RawBuilder<unknown>) =>
  sql`exists (select from invoices i where i.id = e.invoice_id and ${condition})`;
/** SQL for how far the billing of time got. */
const stateSql = (state: 'unbilled' | 'draft' | 'invoiced' | 'paid'): RawBuilder<unknown> =>
  ({
    unbilled: unbilledSql('e'),
    draft: invoiceIs(sql`i.finalized_at is null`),
    invoiced: invoiceIs(sql`i.finalized_at is not null`),
    paid: invoiceIs(sql`i.finalized_at is not null and i.balance_minor <= 0`),
  })[state];

/**
 * SQL over the alias e for the entries that a filter chooses; refuses other people’s time to whoever is not a manager. `within` is what the
 * names of its arguments begin with.
 */
export const entryFilter = (
  { actor, now }: Call,
  filter: EntryFilter,
  { deleted = false, within = '' } = {},
): RawBuilder<boolean> => {
  const {
    from,
    to,
    member_id,
    project_ids,
    client_ids,
    task_id,
    tag_ids,
    billable,
    running,
    locked,
    state,
    q,
  } = filter;
  if (filter.all_members && !roleCovers(actor.membership.role, 'manager')) {
    throw accessDenied(
      { because: 'others’ time is for managers', requires: 'manager' },
      `${within}all_members`,
    );
  }
  if (member_id !== undefined) refuseOthers(actor, member_id, `${within}member_id`);
  if (filter.all_members && member_id !== undefined) {
    throw validationFailed({ message: 'Give all_members or member_id, not both.' }, `${within}member_id`);
  }
  refuseReversed(from, to, [`${within}from`, `${within}to`]);
  const { lock_date } = actor.workspace;
  const conditions = [
    deleted ? sql`e.deleted_at > ${restorableSince(now)}` : sql`e.deleted_at is null`,
    filter.all_members ? null : sql`e.membership_id = ${member_id ?? actor.membership.id}`,
    from === undefined ? null : sql`e.local_date >= ${from}::date`,
    to === undefined ? null : sql`e.local_date <= ${to}::date`,
    project_ids === undefined ? null : sql`e.project_id = any(${project_ids}::text[])`,
    client_ids === undefined ? null : sql`e.client_id = any(${client_ids}::text[])`,
    task_id === undefined ? null : sql`e.task_id = ${task_id}`,
    tag_ids === undefined
      ? null
      : sql`exists (select from time_entry_tags x where x.entry_id = e.id and x.tag_id = any(${tag_ids}::text[]))`,
    billable === undefined ? null : sql`e.billable = ${billable}`,
    running === undefined ? null : running ? sql`e.state <> 'stopped'` : sql`e.state = 'stopped'`,
    locked === undefined
      ? null
      : sql`(e.approved_at is not null or e.invoice_id is not null
          or e.local_date <= coalesce(${lock_date}::date, '-infinity')) = ${locked}`,
    state === undefined ? null : stateSql(state),
    q === undefined || q === ''
      ? null
      : // Summaries are searched only for those who may read them.
        actor.via.scopes.has('tasks:read')
        ? sql`(position(lower(${q}) in lower(e.description)) > 0 or exists (select from tasks k
            where k.id = e.task_id and position(lower(${q}) in lower(k.summary)) > 0))`
        : sql`position(lower(${q}) in lower(e.description)) > 0`,
  ];
  return sql<boolean>`${sql.join(
    conditions.filter((condition) => condition !== null),
    sql` and `,
  )}`;
};
