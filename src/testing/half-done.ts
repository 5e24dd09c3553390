import { sql } from 'kysely';
import type { Database } from '#database/database.ts';
import type { Written } from './writers.ts';

/** Rules, each as a query for the rows that break it. */
export type Rules = Readonly<Record<string, string>>;

/** What every write keeps, where all were made with a token and a key. */
export const historyRules: Rules = {
  'the audit chain verifies': `select id from workspaces where first_broken_audit(id) is not null`,
  'the head of the chain is its last entry': `select h.workspace_id from audit_heads h
    where seq <> (select max(seq) from audit_logs a where a.workspace_id = h.workspace_id)`,
  'every key has its answer': `select key from idempotency_keys where response is null`,
  'a key has one effect: as many audit entries of tokens as keys': `select 1 where
    (select count(*) from audit_logs where via = 'token') <> (select count(*) from idempotency_keys)`,
};

/** What one transaction of the load of writers.ts keeps. */
const rules: Rules = {
  'an entry with clock times has stretches': `select id from time_entries e where mode = 'interval'
    and not exists (select from time_segments s where s.entry_id = e.id)`,
  'what runs has exactly one open stretch, and nothing else has': `select id from time_entries e
    where (state = 'running') <> exists (select from time_segments s where s.entry_id = e.id and s.ended_at is null)`,
  'the duration is the sum of the closed stretches': `select id from time_entries e where mode = 'interval' and duration_seconds <>
    (select coalesce(sum(extract(epoch from s.ended_at - s.started_at)), 0) from time_segments s where s.entry_id = e.id)`,
  'nobody has two running timers': `select membership_id from time_entries where state = 'running' and deleted_at is null
    group by workspace_id, membership_id having count(*) > 1`,
  'every audit entry has its record': `select a.id from audit_logs a where via = 'token' and not exists (
    select from time_entries where id = a.entity_id union all select from tasks where id = a.entity_id
    union all select from tags where id = a.entity_id)`,
  'every entry, task and tag is in the audit log': `
    with told as materialized (select entity_id as id from audit_logs union select after->'timer'->>'id' from audit_logs)
    select id from time_entries where id not in (select id from told where id is not null)
    union all select id from tasks where id not in (select id from told where id is not null)
    union all select id from tags where name like 'tag %' and id not in (select id from told where id is not null)`,
  ...historyRules,
};

/** Which rules are broken, with up to three of the rows. Empty is well. */
export const broken = async (database: Database, rules: Rules): Promise<string[]> => {
  const faults: string[] = [];
  for (const [rule, query] of Object.entries(rules)) {
    const { rows } = await database.run(`${query} limit 3`);
    if (rows.length > 0) faults.push(`not so: ${rule}: ${JSON.stringify(rows)}`);
  }
  return faults;
};

/** What the load of writers.ts left half done. Empty is well. */
export const halfDone = (database: Database): Promise<string[]> => broken(database, rules);

/** The id that an answer is about. */
export const idOf = (answer: unknown): string | null => {
  const { entry, timer, task, tag } = (answer ?? {}) as Record<string, { id?: string; entry_id?: string }>;
  const shown = task ?? entry ?? timer ?? tag;
  return shown?.id ?? shown?.entry_id ?? null;
};

/** Acknowledged calls of which the store knows nothing, or something else. Empty is well. */
export const lost = async (database: Database, calls: readonly Written[]): Promise<string[]> => {
  const done = calls.filter(({ outcome }) => outcome === 'done');
  const { rows } = await sql<{ key: string; response: unknown; there: boolean }>`
    select key, response, exists (select from audit_logs a where a.workspace_id = k.workspace_id and a.entity_id in
      (response->'entry'->>'id', response->'timer'->>'entry_id', response->'task'->>'id', response->'tag'->>'id')) as there
    from idempotency_keys k`.execute(database.identity);
  const kept = new Map(rows.map((row) => [row.key, row]));
  return done.flatMap(({ tool, input, answer }) => {
    const row = kept.get(input.idempotency_key);
    const same = row?.there === true && idOf(row.response) === idOf(answer) && idOf(answer) !== null;
    return same ? [] : [`${tool} ${input.idempotency_key}: ${JSON.stringify({ answer, row })}`];
  });
};
