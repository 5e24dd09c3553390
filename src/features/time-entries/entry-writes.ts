import type { Call } from '#operation/call.ts';
import { longestDuration } from '#values/duration.ts';
import { type Id, newId } from '#values/id.ts';
import type { EntryTimes } from './entry-times.ts';
import { type EntryRow, stretchesOf } from './entry-view.ts';
import type { EntryRates, Work } from './entry-work.ts';

/** The columns that say when. */
export const timeColumns = (times: EntryTimes) => ({
  mode: times.mode,
  state: times.state,
  started_at: times.stretches[0]?.startedAt ?? null,
  ended_at: times.state === 'stopped' ? (times.stretches.at(-1)?.endedAt ?? null) : null,
  timezone: times.timezone,
  local_date: times.localDate,
  duration_seconds: times.durationSeconds,
});

const insertStretches = async (
  { tx, now }: Call,
  entry: Id<'ten'>,
  { stretches }: EntryTimes,
): Promise<void> => {
  if (stretches.length === 0) return;
  await tx
    .insertInto('time_segments')
    .values(
      stretches.map(({ startedAt, endedAt }) => ({
        id: newId('seg', now),
        entry_id: entry,
        started_at: startedAt,
        ended_at: endedAt,
      })),
    )
    .execute();
};

/** Replaces the stretches of an entry; its columns are the caller’s. Says so where a forgotten timer makes it longer than anybody logs. */
export const replaceStretches = async (call: Call, entry: Id<'ten'>, times: EntryTimes): Promise<void> => {
  if (times.state === 'stopped' && times.durationSeconds > longestDuration) {
    call.warn(
      `The entry ${entry} is longer than 31 days: its timer ran on. Ask the user when the work ended, and give time_entries.update that ended_at.`,
    );
  }
  await call.tx.deleteFrom('time_segments').where('entry_id', '=', entry).execute();
  await insertStretches(call, entry, times);
};

/** Gives an entry other times. */
export const saveTimes = async (call: Call, entry: Id<'ten'>, times: EntryTimes): Promise<void> => {
  await call.tx.updateTable('time_entries').set(timeColumns(times)).where('id', '=', entry).execute();
  await replaceStretches(call, entry, times);
};

/** The stored times of an entry. */
export const timesOfRow = (row: EntryRow): EntryTimes => ({
  mode: row.mode,
  state: row.state,
  timezone: row.timezone,
  localDate: row.local_date,
  durationSeconds: row.duration_seconds,
  stretches: stretchesOf(row),
});

/** Everything a new entry is made of; nothing is looked up or refused any more. */
export interface NewEntry {
  readonly member: Id<'mem'>;
  readonly work: Pick<Work, 'taskId' | 'projectId' | 'clientId'>;
  readonly times: EntryTimes;
  readonly description: string;
  readonly billable: boolean;
  /** What a person decided by hand (`settledBy`). */
  readonly settled: readonly string[];
  readonly rate: EntryRates;
}

/** Writes a new entry and its stretches. What is asked right after it, without waiting, already sees them. */
export const insertEntry = async (call: Call, id: Id<'ten'>, entry: NewEntry): Promise<void> => {
  const { tx, actor, source } = call;
  const { taskId, projectId, clientId } = entry.work;
  const row = tx
    .insertInto('time_entries')
    .values({
      id,
      membership_id: entry.member,
      task_id: taskId,
      project_id: projectId,
      client_id: clientId,
      description: entry.description,
      ...timeColumns(entry.times),
      billable: entry.billable,
      ...entry.rate,
      settled: [...entry.settled],
      source,
      client_app_id: actor.via.id,
    })
    .execute();
  await Promise.all([row, insertStretches(call, id, entry.times)]);
};
