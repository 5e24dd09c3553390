import { sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import { type Call, nextVersion } from '#operation/call.ts';
import type { Id } from '#values/id.ts';
import { keepBudget } from './entry-budget.ts';
import { type OnOverlap, checkOverlap } from './entry-overlap.ts';
import { changedTimes } from './entry-retiming.ts';
import { applyRules } from './entry-rules.ts';
import { settledBy } from './entry-settled.ts';
import type { TimesGiven } from './entry-times.ts';
import { type EntryRow, loadEntry } from './entry-view.ts';
import {
  type EntryRate,
  type EntryRates,
  type Work,
  findWork,
  linkTags,
  rateFor,
  setEntryTags,
} from './entry-work.ts';
import { replaceStretches, timeColumns, timesOfRow } from './entry-writes.ts';
import { type Conflict, refuseLocked, refuseLockedTimer } from './time-entry.ts';

/** What an edit may give; null clears, what is left out stays. */
export interface EntryChanges extends TimesGiven {
  task_id?: Id<'tsk'> | null | undefined;
  project_id?: Id<'prj'> | null | undefined;
  summary?: string | undefined;
  description?: string | null | undefined;
  tags?: readonly string[] | undefined;
  /** Tags to put on and to take off, beside those it has. */
  add_tags?: readonly Id<'tag'>[] | undefined;
  remove_tags?: readonly Id<'tag'>[] | undefined;
  billable?: boolean | undefined;
  rate?: string | null | undefined;
  re_rate?: boolean | undefined;
}

const changedWork = async (
  call: Call,
  row: EntryRow,
  { task_id: task, project_id: project, summary }: EntryChanges,
  operation: string,
): Promise<Work | null> => {
  if (task === undefined && project === undefined && summary === undefined) return null;
  if (task === undefined && summary === undefined && row.task_id !== null) {
    // Another project takes the entry out of its task, unless the task can stay in it.
    const stays = await call.tx
      .selectFrom('tasks')
      .select('id')
      .where('id', '=', row.task_id)
      .where(sql<boolean>`(project_id is null or project_id = ${project})`)
      .executeTakeFirst();
    return findWork(call, { task_id: stays?.id, project_id: project }, operation);
  }
  // Taken out of its task, or put into a new one, it stays in its project.
  const place = project === undefined && task == null ? row.project_id : project;
  return findWork(call, { task_id: task, project_id: place, summary }, operation);
};

const sameWork = (row: EntryRow, work: Work): boolean =>
  row.task_id === work.taskId && row.project_id === work.projectId && row.client_id === work.clientId;

/** The rate after an edit: by hand, asked for anew, or following the work of what is not committed or has no rate yet. */
const changedRate = async (
  call: Call,
  row: EntryRow,
  given: EntryChanges,
  {
    work,
    on,
    moved,
  }: { work: Pick<Work, 'taskId' | 'projectId' | 'clientId'>; on: Temporal.PlainDate; moved: boolean },
): Promise<EntryRate | EntryRates | null> => {
  const follows =
    moved &&
    row.rate_source !== 'entry' &&
    row.rate_source !== 'rule' &&
    (row.state !== 'stopped' || row.rate_minor === null);
  if (given.rate === undefined && given.re_rate !== true && !follows) {
    if (moved && row.rate_minor !== null && row.state === 'stopped') {
      call.warn(
        'The entry keeps its rate; re_rate true gives it the rate that applies to its new task or project.',
      );
    }
    return null;
  }
  const rates = await rateFor(call, work, { member: row.membership_id, on, given: given.rate });
  if (given.re_rate === true || follows) return rates;
  // A rate by hand says nothing about what the hour costs.
  const { cost_rate_minor: _, ...rate } = rates;
  return rate;
};

/**
 * Edits an entry: checks locks before and after, overlaps where its times change, that a timer does not reach into the future, and the
 * budget of its project, and lets the rules run. With `stopping`, for a timer that stops where it is, neither a closed period nor overlaps nor the budget refuse. The caller has taken its person’s turn. Gives the entry as it is then, and overlaps that were only warned of.
 */
export const changeEntry = async (
  call: Call,
  row: EntryRow,
  given: EntryChanges,
  {
    operation,
    onOverlap,
    stopping = false,
  }: { operation: string; onOverlap?: OnOverlap; stopping?: boolean },
): Promise<{ row: EntryRow; overlaps: Conflict[] }> => {
  const { tx, actor, now, zone } = call;
  const { id, local_date, approved_at, invoice_id } = row;
  const lockable = { id, local_date, approved_at, invoice_id };
  if (stopping) refuseLockedTimer(lockable, actor);
  else refuseLocked(lockable, actor);
  const times = changedTimes(timesOfRow(row), given, { zone, now });
  if (times !== null && !stopping) refuseLocked({ ...lockable, local_date: times.localDate }, actor);
  const work = await changedWork(call, row, given, operation);
  const moved = work !== null && !sameWork(row, work);
  const place = work ?? { taskId: row.task_id, projectId: row.project_id, clientId: row.client_id };
  const on = times?.localDate ?? row.local_date;
  const rate = await changedRate(call, row, given, { work: place, on, moved });
  const overlaps =
    times === null
      ? []
      : await checkOverlap(call, {
          member: row.membership_id,
          self: row.id,
          stretches: times.stretches,
          wanted: onOverlap,
          refuses: !stopping,
        });
  // A timer that was billable only because its old project said so follows the new one.
  const billable =
    given.billable ?? (moved && row.state !== 'stopped' ? await followDefault(tx, row, work) : undefined);
  if (times !== null) await replaceStretches(call, row.id, times);
  const tags = await changedTags(call, row, given);
  await tx
    .updateTable('time_entries')
    .set({
      ...(times === null ? {} : timeColumns(times)),
      ...(work === null
        ? {}
        : { task_id: work.taskId, project_id: work.projectId, client_id: work.clientId }),
      ...(given.description === undefined ? {} : { description: given.description ?? '' }),
      ...(billable === undefined ? {} : { billable }),
      ...(rate ?? {}),
      settled: settledBy(row.settled, decided(row, given), { projectId: place.projectId, tags }),
      version: nextVersion(times !== null || retags(given)),
    })
    .where('id', '=', row.id)
    .execute();
  const written = await loadEntry(tx, row.id);
  const after = await applyRules(call, row, written, { reRated: given.re_rate === true });
  // A timer can always be stopped, wherever a rule puts it then.
  const movedAtStop =
    row.state !== 'stopped' && after.state === 'stopped' && after.project_id !== written.project_id;
  await keepBudget(call, after.project_id, [{ before: row, after }], { refuses: !stopping && !movedAtStop });
  return { row: after, overlaps };
};

const retags = ({ tags, add_tags: added = [], remove_tags: removed = [] }: EntryChanges): boolean =>
  tags !== undefined || added.length > 0 || removed.length > 0;

/** What a call decides by hand: to say again what is so already is no decision, as of a form that sends all it shows. */
const decided = (row: EntryRow, given: EntryChanges): EntryChanges => ({
  ...given,
  ...(given.task_id === row.task_id ? { task_id: undefined } : {}),
  ...(given.project_id === row.project_id ? { project_id: undefined } : {}),
  ...(given.billable === row.billable ? { billable: undefined } : {}),
});

/** Changes the tags of an entry as the call says; answers which were put on and taken off. */
const changedTags = async (call: Call, row: EntryRow, given: EntryChanges): Promise<Id<'tag'>[]> => {
  const { tags, add_tags: added = [], remove_tags: removed = [] } = given;
  const before = row.tags.map(({ id }) => id);
  const all = tags === undefined ? null : await setEntryTags(call, row.id, tags, before);
  await linkTags(call, row.id, added);
  if (removed.length > 0) {
    await call.tx
      .deleteFrom('time_entry_tags')
      .where('entry_id', '=', row.id)
      .where('tag_id', 'in', [...removed])
      .execute();
  }
  const now = new Set([...(all ?? before), ...added].filter((tag) => !removed.includes(tag)));
  return [...now].filter((tag) => !before.includes(tag)).concat(before.filter((tag) => !now.has(tag)));
};

const followDefault = async (tx: Transaction, row: EntryRow, work: Work): Promise<boolean | undefined> => {
  const { rows } = await sql<{ billable: boolean }>`
    select coalesce((select billing <> 'non_billable' and billable_default from projects where id = ${row.project_id}), true) as billable`.execute(
    tx,
  );
  return rows[0]?.billable === row.billable ? work.billableDefault : undefined;
};
