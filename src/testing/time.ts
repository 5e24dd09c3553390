import type { House } from '#operation/run.ts';
import { type Acting, call, type Person } from './people.ts';

/** What tests look at in a time entry. */
export interface Entry {
  id: string;
  description: string;
  state: 'running' | 'paused' | 'stopped';
  started_at: string | null;
  ended_at: string | null;
  timezone: string;
  local_date: string;
  duration_seconds: number;
  billable: boolean;
  rate?: string | null;
  rate_source?: string;
  amount?: string | null;
  currency: string | null;
  task?: { id: string; summary: string } | null;
  project?: { id: string; name: string } | null;
  client?: { id: string; name: string } | null;
  tags?: { id: string; name: string }[];
  member_id: string;
  locked_by: 'approval' | 'period' | null;
  updated_at: string;
  version: number;
}

/** What tests look at in a timer. */
export interface Timer {
  entry_id: string;
  state: string;
  started_at: string;
  elapsed_seconds: number;
  paused_seconds: number;
  description: string;
  billable: boolean;
  task?: { id: string; summary: string } | null;
  version: number;
}

/** What creating time answers. */
export interface Logged {
  entry: Entry;
  stopped_entry: { id: string; state: string; duration_seconds: number } | null;
  overlaps: { entry_id: string; started_at: string; ended_at: string | null }[];
  meta?: { warnings?: string[]; omitted?: { path: string; requires: string }[] };
}

/** What starting a timer answers. */
export interface Started extends Omit<Logged, 'entry'> {
  timer: Timer;
}

/** A page of entries with totals. */
export interface EntryPage {
  data: Entry[];
  meta: {
    next_cursor: string | null;
    has_more: boolean;
    returned: number;
    totals: {
      entries: number;
      seconds: number;
      billable_seconds: number;
      amounts?: { currency: string; amount: string }[];
    };
    omitted?: { path: string; requires: string }[];
  };
}

/** Zones of every sort: on both sides of UTC and of the date line, with half hours, whose clocks change by one hour, by half an hour or never. */
export const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Pacific/Apia',
  'Australia/Lord_Howe',
  'UTC',
];

/** Logs time as a person; gives the entry. */
export const log = async (house: House, person: Person, input: object, acting: Acting = {}): Promise<Entry> =>
  (await call<Logged>(house, person, 'time_entries.create', input, acting)).entry;

/** Reads an entry with its stretches. */
export const look = (house: House, person: Person, id: string) =>
  call<{ entry: Entry; segments: { started_at: string; ended_at: string | null }[] }>(
    house,
    person,
    'time_entries.get',
    { id },
  );

/** Makes a project as a manager; gives its id. */
export const makeProject = async (house: House, person: Person, input: object = {}): Promise<string> =>
  (await call<{ project: { id: string } }>(house, person, 'projects.create', { name: 'Redesign', ...input }))
    .project.id;

/** Makes a task; gives its id. */
export const makeTask = async (house: House, person: Person, input: object = {}): Promise<string> =>
  (await call<{ task: { id: string } }>(house, person, 'tasks.create', { summary: 'Logo', ...input })).task
    .id;

/** Closes everything up to a day in a workspace. */
export const closePeriod = async (house: House, workspaceId: string, until: string | null): Promise<void> => {
  await house.database.identity
    .updateTable('workspaces')
    .set({ lock_date: until === null ? null : Temporal.PlainDate.from(until) })
    .where('id', '=', workspaceId as `wsp_${string}`)
    .execute();
};

/** Marks an entry as approved, as a timesheet will. */
export const approve = async (house: House, id: string): Promise<void> => {
  const now = house.clock();
  await house.database.aboveWorkspaces(now, (tx) =>
    tx
      .updateTable('time_entries')
      .set({ approved_at: now })
      .where('id', '=', id as `ten_${string}`)
      .execute(),
  );
};
