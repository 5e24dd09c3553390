import type { Id } from '#values/id.ts';
import { newId } from '#values/id.ts';
import type { House } from '#operation/run.ts';
import type { Person } from './people.ts';

/** Time as the store keeps it: a stopped duration of an hour on 5 October 2026, unless said otherwise. */
export interface LoggedTime {
  taskId?: string;
  projectId?: string;
  clientId?: string;
  seconds?: number;
  on?: string;
  billable?: boolean;
  /** Minor units an hour. */
  rate?: bigint | null;
  currency?: string;
  rateSource?:
    'none' | 'entry' | 'task' | 'project_member' | 'project' | 'client' | 'member' | 'workspace' | 'rule';
  approvedAt?: string | null;
  /** Since when it runs; then it is a running timer. */
  runningSince?: string;
}

/** Puts time into the store directly, past every rule: for what no operation would make. */
export const logTime = (house: House, person: Person, time: LoggedTime = {}): Promise<Id<'ten'>> => {
  const now = house.clock();
  const { seconds = 3600, on = '2026-10-05', billable = true, rate = null, currency = 'EUR' } = time;
  const running = time.runningSince === undefined ? null : Temporal.Instant.from(time.runningSince);
  const id = newId('ten', now);
  return house.database.inWorkspace(person.workspaceId, now, async (tx) => {
    await tx
      .insertInto('time_entries')
      .values({
        id,
        membership_id: person.membershipId,
        task_id: (time.taskId ?? null) as Id<'tsk'> | null,
        project_id: (time.projectId ?? null) as Id<'prj'> | null,
        client_id: (time.clientId ?? null) as Id<'cli'> | null,
        mode: running === null ? 'duration' : 'interval',
        state: running === null ? 'stopped' : 'running',
        started_at: running,
        timezone: 'Europe/Berlin',
        local_date: Temporal.PlainDate.from(on),
        duration_seconds: running === null ? seconds : 0,
        billable,
        rate_minor: rate,
        currency,
        rate_source: time.rateSource ?? (rate === null ? 'none' : 'workspace'),
        source: 'web',
        approved_at: time.approvedAt == null ? null : Temporal.Instant.from(time.approvedAt),
      })
      .execute();
    if (running !== null) {
      await tx
        .insertInto('time_segments')
        .values({ id: newId('seg', now), entry_id: id, started_at: running })
        .execute();
    }
    return id;
  });
};
