import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { houseVia, loadActor } from '#identity/actor.ts';
import { type House, run } from '#operation/run.ts';
import type { Id } from '#values/id.ts';
import { Refusal } from '#values/refusal.ts';

/** Something whose time has come: an operation to run, and in whose name. */
interface Due {
  operation: string;
  input: Record<string, unknown>;
  workspace_id: Id<'wsp'>;
  user_id: Id<'usr'>;
}

// Whoever asked for it (a membership m) answers for it; whoever owns the workspace, where that person may not do it any more.
const inNameOf = (alias: 'r' | 'i', whoAsked: RawBuilder<unknown>) => sql`coalesce(
  (select m.user_id from memberships m join users u on u.id = m.user_id and u.disabled_at is null
    where m.workspace_id = ${sql.ref(`${alias}.workspace_id`)} and ${whoAsked}
      and m.status = 'active' and m.role in ('owner', 'admin', 'manager')),
  (select m.user_id from memberships m where m.workspace_id = ${sql.ref(`${alias}.workspace_id`)} and m.role = 'owner')) as user_id`;

// Not of an invoice i that counts as sent only because of a mail that failed: its client does not know it. The billing hub tells of those.
const whetherItArrived = sql`coalesce((
  select i.sent_at <> min(d.created_at) or not bool_and(o.gave_up_at is not null and o.problem <> 'unclear')
  from invoice_dispatches d left join outbox o on o.key = d.id
  where d.workspace_id = i.workspace_id and d.invoice_id = i.id and d.kind = 'invoice'), true)`;

/** So much of a kind is looked for at once, beside what waits. */
const most = 100;

/** Series whose day has come, invoices that were to be sent by now, and reminders that fall due; some of each, what has waited longest first. */
const whatIsDue = async (
  { database, clock }: House,
  workspace: Id<'wsp'> | null,
  limit: number,
): Promise<Due[]> => {
  const now = clock();
  const here = (alias: string) =>
    sql`(${workspace}::text is null or ${sql.ref(`${alias}.workspace_id`)} = ${workspace})`;
  const { rows } = await sql<Due>`
    (select 'recurring_invoices.run' as operation, jsonb_build_object('id', r.id) as input, r.workspace_id, ${inNameOf('r', sql`m.id = r.created_by`)}
      from recurring_invoices r where r.status = 'active' and r.deleted_at is null and ${here('r')}
        and r.next_on <= (${now}::timestamptz at time zone r.timezone)::date and coalesce(r.retry_at <= ${now}, true)
      order by r.next_on limit ${limit})
    union all
    (select 'invoices.send_scheduled', jsonb_build_object('id', i.id), i.workspace_id, ${inNameOf('i', sql`m.user_id = i.send_request ->> 'user_id'`)}
      from invoices i where i.status = 'scheduled' and i.send_at <= ${now} and ${here('i')} order by i.send_at limit ${limit})
    union all
    (select 'invoices.remind', jsonb_build_object('id', i.id, 'level', i.level, 'idempotency_key', 'reminder-' || i.id || '-' || i.level),
        i.workspace_id, ${inNameOf('i', sql`m.id = i.created_by`)}
      from (
        select i.*, (select max(d.level) from jsonb_array_elements_text(coalesce(w.settings #> '{reminders,days_after_due}', '[7, 14, 30]'))
            with ordinality d (days, level)
          where (${now}::timestamptz at time zone w.timezone)::date >= i.due_date + d.days::int)::int as level
        from invoices i join workspaces w on w.id = i.workspace_id
        where w.settings #>> '{reminders,enabled}' = 'true' and i.status = 'sent' and i.kind = 'invoice' and i.balance_minor > 0
          and ${here('i')} and i.sent_at is not null and i.due_date < (${now}::timestamptz at time zone w.timezone)::date
          and ${whetherItArrived}
      ) i
      where i.level is not null and not exists (select from invoice_dispatches d
        where d.workspace_id = i.workspace_id and d.invoice_id = i.id and d.kind = 'reminder'
          and (d.level >= i.level or d.created_at > ${now.subtract({ hours: 24 })}))
      order by i.due_date limit ${limit})`.execute(database.identity);
  return rows;
};

/** What was refused waits so long before it is tried again: it is for people to mend. */
const patience = { hours: 1 };

/**
 * Does what falls due on a clock: recurring invoices, sends for later, reminders. Each is one call of an operation, in its own transaction,
 * as somebody by hand would make it; what was done meanwhile, by another process, is not due any more when its turn comes. What a workspace
 * may not do now (no plan for it, access stopped, nobody to write to) waits an hour; `refused` remembers since when. In one workspace
 * alone where that is given. Gives how many were carried out.
 */
export const clockwork = async (
  house: House,
  {
    refused = new Map(),
    workspace = null,
  }: { refused?: Map<string, Temporal.Instant>; workspace?: Id<'wsp'> | null } = {},
): Promise<number> => {
  let done = 0;
  const now = house.clock();
  for (const [key, since] of refused) {
    if (Temporal.Instant.compare(since.add(patience), now) <= 0) refused.delete(key);
  }
  for (const { operation: name, input, workspace_id: workspaceId, user_id: userId } of await whatIsDue(
    house,
    workspace,
    most + refused.size,
  )) {
    const operation = house.operations.find((each) => each.name === name);
    const key = `${name} ${JSON.stringify(input)}`;
    if (operation === undefined || refused.has(key)) continue;
    try {
      const actor = await loadActor(house.database, {
        userId,
        workspaceId,
        via: houseVia('job', 'the clock'),
      });
      await run(house, actor, operation, input, { id: randomUUID(), source: 'api', ipPrefix: null });
      done += 1;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.set(key, now);
      house.log.warn(
        { operation: name, code: error.code, workspace: workspaceId },
        'what is due has to wait',
      );
    }
  }
  return done;
};
