import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import type { TimeEntriesRow } from '#database/rows.ts';
import type { Actor } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import type { Id } from '#values/id.ts';
import { momentText, secondsBetween, wholeSeconds } from '#values/local-time.ts';
import { formatAmount, worthOf } from '#values/money.ts';
import { notFound } from '#values/refusal.ts';
import { type entryView, lockOf, refuseOthers } from './time-entry.ts';

/** A stretch of work: [startedAt, endedAt), open while it runs. */
export interface Stretch {
  readonly startedAt: Temporal.Instant;
  readonly endedAt: Temporal.Instant | null;
}

/** A time entry with what its view shows of other records. */
export interface EntryRow extends Selectable<TimeEntriesRow> {
  task_summary: string | null;
  project_name: string | null;
  client_name: string | null;
  member_name: string | null;
  invoice: { id: Id<'inv'>; number: string | null; status: 'draft' | 'invoiced' | 'paid' } | null;
  tags: { id: Id<'tag'>; name: string }[];
  segments: { started_at: string; ended_at: string | null }[];
}

/** All time entries there are, as `e`: what `entryRows` is given the chosen part of. */
export const entries = (tx: Transaction) => tx.selectFrom('time_entries as e').selectAll('e');

/** The entries that `chosen` selects, with their links. Choose and limit first: joins come after. */
export const entryRows = (tx: Transaction, chosen: ReturnType<typeof entries>) =>
  tx
    .selectFrom(chosen.as('e'))
    .leftJoin('tasks as t', 't.id', 'e.task_id')
    .leftJoin('projects as p', 'p.id', 'e.project_id')
    .leftJoin('clients as c', 'c.id', 'e.client_id')
    .leftJoin('memberships as m', 'm.id', 'e.membership_id')
    .leftJoin('users as u', 'u.id', 'm.user_id')
    .selectAll('e')
    .select([
      't.summary as task_summary',
      'p.name as project_name',
      'c.name as client_name',
      sql<string | null>`coalesce(m.display_name, u.name)`.as('member_name'),
      sql<EntryRow['invoice']>`(select json_build_object('id', i.id, 'number', i.number, 'status',
        case when i.finalized_at is null then 'draft' when i.balance_minor <= 0 then 'paid' else 'invoiced' end)
        from invoices i where i.id = e.invoice_id)`.as('invoice'),
      sql<
        EntryRow['tags']
      >`(select coalesce(json_agg(json_build_object('id', g.id, 'name', g.name) order by lower(g.name)), '[]')
        from time_entry_tags x join tags g on g.id = x.tag_id where x.entry_id = e.id)`.as('tags'),
      sql<
        EntryRow['segments']
      >`(select coalesce(json_agg(json_build_object('started_at', s.started_at, 'ended_at', s.ended_at)
        order by s.started_at, s.ended_at), '[]') from time_segments s where s.entry_id = e.id)`.as(
        'segments',
      ),
    ]);

/** The stretches of work of an entry, in order. */
export const stretchesOf = ({ segments }: EntryRow): Stretch[] =>
  segments.map(({ started_at, ended_at }) => ({
    startedAt: Temporal.Instant.from(started_at),
    endedAt: ended_at === null ? null : Temporal.Instant.from(ended_at),
  }));

/** Seconds worked up to `now`: the closed stretches and, while it runs, the open one. */
export const liveSeconds = (row: EntryRow, now: Temporal.Instant): number => {
  const open = row.segments.at(-1);
  if (open === undefined || open.ended_at !== null) return row.duration_seconds;
  return (
    row.duration_seconds +
    Math.max(0, secondsBetween(Temporal.Instant.from(open.started_at), wholeSeconds(now)))
  );
};

/** The links of a row, as `entryLinks` shows them. */
export const viewLinks = (row: EntryRow) => ({
  task: row.task_id === null ? null : { id: row.task_id, summary: row.task_summary ?? '' },
  project: row.project_id === null ? null : { id: row.project_id, name: row.project_name ?? '' },
  client: row.client_id === null ? null : { id: row.client_id, name: row.client_name ?? '' },
  tags: row.tags,
  member_id: row.membership_id,
  member_name: row.member_name,
});

/** A row as an `entryView`: times with the offset of the entry's zone, worth rounded once. */
export const viewEntry = (
  row: EntryRow,
  { actor, now }: { actor: Actor; now: Temporal.Instant },
): z.input<typeof entryView> => {
  const seconds = liveSeconds(row, now);
  const { rate_minor: rate, currency, timezone } = row;
  const rated = rate !== null && currency !== null;
  return {
    id: row.id,
    description: row.description,
    state: row.state,
    started_at: row.started_at === null ? null : momentText(row.started_at, timezone),
    ended_at: row.ended_at === null ? null : momentText(row.ended_at, timezone),
    timezone,
    local_date: row.local_date.toString(),
    duration_seconds: seconds,
    billable: row.billable,
    rate: rated ? formatAmount(rate, currency) : null,
    rate_source: row.rate_source,
    amount: rated && row.billable ? formatAmount(worthOf(seconds, rate), currency) : null,
    currency,
    ...viewLinks(row),
    invoice: row.invoice,
    locked_by: lockOf(row, actor),
    source: row.source,
    updated_at: momentText(row.updated_at, timezone),
    version: row.version,
  };
};

/** An entry as the audit log keeps it: what is stored, nothing that moves with the clock. */
export const storedFacts = (row: EntryRow) => ({
  id: row.id,
  member_id: row.membership_id,
  task_id: row.task_id,
  project_id: row.project_id,
  client_id: row.client_id,
  description: row.description,
  state: row.state,
  started_at: row.started_at?.toString() ?? null,
  ended_at: row.ended_at?.toString() ?? null,
  timezone: row.timezone,
  local_date: row.local_date.toString(),
  duration_seconds: row.duration_seconds,
  billable: row.billable,
  rate: row.rate_minor === null ? null : formatAmount(row.rate_minor, row.currency!),
  currency: row.currency,
  rate_source: row.rate_source,
  // By name too: a task or a tag that was made on the way has no entry of its own.
  task_summary: row.task_summary,
  tags: row.tags,
  ...(row.segments.length > 1 ? { segments: row.segments } : {}),
});

/** The row of that id, deleted ones only if asked for, else `not_found`. Says nothing about who may see it. */
export const loadEntry = async (
  tx: Transaction,
  id: Id<'ten'>,
  { deleted = false } = {},
): Promise<EntryRow> => {
  const chosen = entries(tx)
    .where('e.id', '=', id)
    .where('e.deleted_at', deleted ? 'is not' : 'is', null);
  const row = await entryRows(tx, chosen).executeTakeFirst();
  if (row === undefined) throw notFound({});
  return row;
};

/** The entry of that id if the caller may see it. */
export const readEntry = async ({ tx, actor }: Call, id: Id<'ten'>): Promise<EntryRow> => {
  const row = await loadEntry(tx, id);
  refuseOthers(actor, row.membership_id);
  return row;
};

/**
 * Takes the turn of a person: whatever changes their time waits until we are done, so that what is read after this is still so when
 * it is written. Refuses `not_found` for somebody who is not in this workspace. Says whether they still work here.
 */
export const takeTurn = async (tx: Transaction, member: Id<'mem'>): Promise<{ active: boolean }> => {
  const row = await tx
    .selectFrom('memberships')
    .select('status')
    .where('id', '=', member)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) throw notFound({}, 'member_id');
  return { active: row.status === 'active' };
};

/**
 * Takes the turns of everybody who has such time (SQL over e), in one order: before anything it belongs to is locked, as whoever logs time
 * does, so that neither waits for the other.
 */
export const takeTurns = async (tx: Transaction, time: RawBuilder<unknown>): Promise<void> => {
  await sql`select from memberships where id in (select e.membership_id from time_entries e where ${time})
    order by id for no key update`.execute(tx);
};

/** The entry of that id, to be changed: the caller may, and nobody else changes that person's time meanwhile. */
export const entryToChange = async (
  { tx, actor }: Call,
  id: Id<'ten'>,
  options: { deleted?: boolean } = {},
): Promise<EntryRow> => {
  const owner = await tx
    .selectFrom('time_entries')
    .select('membership_id')
    .where('id', '=', id)
    .executeTakeFirst();
  if (owner === undefined) throw notFound({});
  refuseOthers(actor, owner.membership_id);
  await takeTurn(tx, owner.membership_id);
  return loadEntry(tx, id, options);
};
