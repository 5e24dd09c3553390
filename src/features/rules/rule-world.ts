import { sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import type { Id } from '#values/id.ts';

/** What rules have to know of a project to put time into it. */
export interface KnownProject {
  readonly name: string;
  readonly client_id: Id<'cli'> | null;
  readonly currency: string;
  /** What it says about its time. */
  readonly billable: boolean;
  readonly state: 'open' | 'archived' | 'gone';
  readonly private: boolean;
  readonly members: readonly Id<'mem'>[];
}
/** What rules have to know of a task. */
export interface KnownTask {
  readonly name: string;
  readonly project_id: Id<'prj'> | null;
  readonly client_id: Id<'cli'> | null;
  readonly state: 'open' | 'gone';
}
/** What rules have to know of a client or a tag. */
export interface KnownClient {
  readonly name: string;
  readonly currency: string;
  readonly state: 'open' | 'archived' | 'gone';
}
export interface KnownTag {
  readonly name: string;
  readonly state: 'open' | 'archived';
}

/** The records that rules name and those that the time in hand belongs to, as they are now. What is not in it does not exist (any more). */
export interface World {
  readonly projects: ReadonlyMap<string, KnownProject>;
  readonly tasks: ReadonlyMap<string, KnownTask>;
  readonly clients: ReadonlyMap<string, KnownClient>;
  readonly tags: ReadonlyMap<string, KnownTag>;
  /** Of the workspace. */
  readonly currency: string;
}

type Known<Value> = (Value & { id: string })[];
const byId = <Value>(rows: Known<Value>) => new Map(rows.map((row) => [row.id, row] as const));

/** Looks all of these ids up, of whatever kind they are; one statement. */
export const loadWorld = async (
  tx: Transaction,
  ids: Iterable<string | null>,
  currency: string,
): Promise<World> => {
  const wanted = [...new Set(ids)].filter((id) => id !== null);
  const { rows } = await sql<{
    projects: Known<KnownProject>;
    tasks: Known<KnownTask>;
    clients: Known<KnownClient>;
    tags: Known<KnownTag>;
  }>`
    with wanted as (select unnest(${wanted}::text[]) as id),
      t as (select id, summary, project_id, client_id, deleted_at from tasks where id in (select id from wanted)),
      p as (select * from projects where id in (select id from wanted) or id in (select project_id from t)),
      c as (select id, name, currency, archived_at, deleted_at from clients where id in (select id from wanted)
        or id in (select client_id from p) or id in (select client_id from t))
    select
      (select coalesce(json_agg(json_build_object('id', t.id, 'name', t.summary, 'project_id', t.project_id, 'client_id', t.client_id,
        'state', case when t.deleted_at is null then 'open' else 'gone' end)), '[]') from t) as tasks,
      (select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'client_id', p.client_id, 'currency', p.currency,
        'billable', p.billing <> 'non_billable' and p.billable_default, 'private', p.private,
        'members', (select coalesce(json_agg(m.membership_id), '[]') from project_members m where p.private and m.project_id = p.id),
        'state', case when p.deleted_at is not null then 'gone' when p.status = 'archived' or c.archived_at is not null then 'archived'
          else 'open' end)), '[]') from p left join c on c.id = p.client_id) as projects,
      (select coalesce(json_agg(json_build_object('id', c.id, 'name', c.name, 'currency', c.currency,
        'state', case when c.deleted_at is not null then 'gone' when c.archived_at is not null then 'archived' else 'open' end)), '[]')
        from c) as clients,
      (select coalesce(json_agg(json_build_object('id', g.id, 'name', g.name,
        'state', case when g.archived_at is null then 'open' else 'archived' end)), '[]') from tags g where g.id in (select id from wanted)) as tags`.execute(
    tx,
  );
  const found = rows[0]!;
  return {
    projects: byId(found.projects),
    tasks: byId(found.tasks),
    clients: byId(found.clients),
    tags: byId(found.tags),
    currency,
  };
};

/** The currency of work: the project's, else the client's, else the workspace's. */
export const currencyOfWork = (
  world: World,
  { projectId, clientId }: { projectId: string | null; clientId: string | null },
): string =>
  world.projects.get(projectId ?? '')?.currency ??
  world.clients.get(clientId ?? '')?.currency ??
  world.currency;
