import { sql } from 'kysely';
import { z } from 'zod';
import { budgetExhausted } from '#features/projects/budget.ts';
import { placeOf, projectId } from '#features/projects/project.ts';
import { rateInput, resolveRates } from '#features/rates/rate.ts';
import { tagsByIdOrName, tagsInput } from '#features/tags/tag.ts';
import { seesTask } from '#features/tasks/task-view.ts';
import { insertTask, taskId, taskRefusals } from '#features/tasks/task.ts';
import { sees } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { refuseWithout } from '#operation/refuse-without.ts';
import type { Id } from '#values/id.ts';
import { parseAmount } from '#values/money.ts';
import { accessDenied, notFound, validationFailed } from '#values/refusal.ts';

/** The arguments that say what was done, for whom, and what it is worth. */
export const workInput = {
  task_id: taskId.optional().describe('Its task; the project follows from it.'),
  project_id: projectId.optional().describe('Its project, where there is no task.'),
  summary: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .optional()
    .describe('Instead of task_id: makes a task of this name.'),
  description: z.string().max(2000).optional().describe('What was done.'),
  tags: tagsInput.optional(),
  billable: z.boolean().optional().describe('Default: as the project says.'),
  rate: rateInput.optional().describe('Per hour, like "85.00"; default: the rate that applies.'),
};

/** The refusals of `findWork`, `rateFor` and `setEntryTags`, and of the budget of the work that was found. */
export const workRefusals = [...taskRefusals, insufficientScope, budgetExhausted] as const;

/** Where a piece of time belongs. */
export interface Work {
  readonly taskId: Id<'tsk'> | null;
  readonly projectId: Id<'prj'> | null;
  readonly clientId: Id<'cli'> | null;
  /** What the project says; true where there is none. */
  readonly billableDefault: boolean;
}

/**
 * Finds the task, project and client of a piece of time; makes the task where only its summary is given. `operation` is the name of
 * the calling operation, for the refusal of a connection that may not make tasks.
 */
export const findWork = async (
  call: Call,
  given: {
    task_id?: Id<'tsk'> | null | undefined;
    project_id?: Id<'prj'> | null | undefined;
    summary?: string | undefined;
  },
  operation: string,
): Promise<Work> => {
  const { summary } = given;
  if (summary !== undefined && given.task_id != null) {
    throw validationFailed(
      { message: 'Give task_id or summary, not both: summary makes a new task.' },
      'summary',
    );
  }
  if (summary !== undefined) refuseWithout(call.actor, ['tasks:write'], operation, 'summary');
  const task =
    given.task_id == null
      ? null
      : await call.tx
          .selectFrom('tasks as t')
          .select(['t.id', 't.project_id', 't.client_id'])
          .where('t.id', '=', given.task_id)
          .where('t.deleted_at', 'is', null)
          .where(seesTask(call.actor))
          .forShare()
          .executeTakeFirst();
  if (task === undefined) throw notFound({}, 'task_id');
  if (
    task !== null &&
    given.project_id != null &&
    task.project_id !== null &&
    task.project_id !== given.project_id
  ) {
    throw validationFailed(
      {
        message:
          'The task belongs to another project. Leave project_id out, or move the task with tasks.update.',
      },
      'project_id',
    );
  }
  const place = { projectId: task?.project_id ?? given.project_id, clientId: task?.client_id };
  // The client of a task in a project is the project's; only a task without a project has one of its own.
  const { project, projectId, clientId } = await placeOf(
    call,
    place.projectId == null ? place : { projectId: place.projectId },
  );
  const made = summary === undefined ? null : await insertTask(call, { summary, projectId });
  return {
    taskId: task?.id ?? made?.id ?? null,
    projectId,
    clientId,
    billableDefault: project === null || (project.billing !== 'non_billable' && project.billable_default),
  };
};

/** What an hour of an entry is worth, as it is stored. */
export interface EntryRate {
  readonly rate_minor: bigint | null;
  readonly currency: string | null;
  readonly rate_source:
    'none' | 'entry' | 'task' | 'project_member' | 'project' | 'client' | 'member' | 'workspace' | 'rule';
}
const noRate: EntryRate = { rate_minor: null, currency: null, rate_source: 'none' };

/** What an hour of an entry is worth and what it costs us, in the workspace's currency. */
export interface EntryRates extends EntryRate {
  readonly cost_rate_minor: bigint | null;
}

/**
 * The rates of a piece of time: the one given by hand (null is none at all), else the one that applies to the work on its day; and the
 * cost of that day. Only somebody who sees amounts may give one.
 */
export const rateFor = async (
  { tx, actor }: Call,
  work: Pick<Work, 'taskId' | 'projectId' | 'clientId'>,
  { member, on, given }: { member: Id<'mem'>; on: Temporal.PlainDate; given?: string | null | undefined },
): Promise<EntryRates> => {
  if (given !== undefined && !sees(actor, 'amounts')) {
    throw accessDenied({ because: 'rates are set by managers', requires: 'manager' }, 'rate');
  }
  const { bill, cost } = await resolveRates(tx, { membershipId: member, ...work, on });
  const cost_rate_minor = cost?.rateMinor ?? null;
  if (given === null || (given === undefined && bill === null)) return { ...noRate, cost_rate_minor };
  if (given === undefined) {
    const { rateMinor: rate_minor, currency, source: rate_source } = bill!;
    return { rate_minor, currency, rate_source, cost_rate_minor };
  }
  const { rows } = await sql<{ currency: string }>`
    select coalesce((select currency from projects where id = ${work.projectId}), (select currency from clients where id = ${work.clientId}),
      ${actor.workspace.currency}) as currency`.execute(tx);
  const { currency } = rows[0]!;
  return {
    rate_minor: parseAmount(given, currency, 'rate'),
    currency,
    rate_source: 'entry',
    cost_rate_minor,
  };
};

/** Replaces the tags of an entry by these, which are ids or names, and gives them; `has` are those it has. */
export const setEntryTags = async (
  call: Call,
  entry: Id<'ten'>,
  tags: readonly string[],
  has: readonly Id<'tag'>[],
): Promise<Id<'tag'>[]> => {
  const ids = await tagsByIdOrName(call, tags, has);
  await call.tx.deleteFrom('time_entry_tags').where('entry_id', '=', entry).execute();
  await linkTags(call, entry, ids);
  return ids;
};

/** Puts tags on an entry. */
export const linkTags = async ({ tx }: Call, entry: Id<'ten'>, ids: readonly Id<'tag'>[]): Promise<void> => {
  if (ids.length === 0) return;
  await tx
    .insertInto('time_entry_tags')
    .values(ids.map((tag) => ({ entry_id: entry, tag_id: tag })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};
