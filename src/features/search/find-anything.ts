import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { all } from '#database/sorted.ts';
import type { Actor } from '#operation/actor.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import type { Scope } from '#operation/scopes.ts';
import { seesProject } from '#features/projects/project.ts';
import { seesTask } from '#features/tasks/task-view.ts';

const kinds = ['client', 'project', 'task', 'tag', 'member'] as const;
type Kind = (typeof kinds)[number];
const scopeOf = {
  client: 'clients:read',
  project: 'projects:read',
  task: 'tasks:read',
  tag: 'tags:read',
  member: 'members:read',
} as const satisfies Record<Kind, Scope>;

interface Found {
  type: Kind;
  id: string;
  label: string;
  context: string | null;
  archived: boolean;
  score: number;
}

/** SQL that holds where each of these words is in one of the texts, which are in small letters. */
const wordsIn = (words: readonly string[], texts: readonly RawBuilder<unknown>[]): RawBuilder<boolean> =>
  all(
    words.map((word) => {
      const places = texts.map((text) => sql`strpos(${text}, lower(${word}::text)) > 0`);
      return sql`(${sql.join(places, sql` or `)})`;
    }),
  );

/**
 * What is found of a kind: by its name, and by its context. A context of another kind (the client of a project) is there only where that
 * may be read too. Its names are made small once for each, not for every task: that is most of what a search costs.
 */
const source = (kind: Kind, actor: Actor, words: readonly string[]): RawBuilder<unknown> => {
  const names = (
    table: 'clients' | 'projects',
  ) => sql`(select n.id, n.name, lower(n.name) as low from ${sql.table(table)} n
    where ${actor.via.scopes.has(`${table}:read`)}::boolean offset 0)`;
  const found = (...texts: RawBuilder<unknown>[]) => wordsIn(words, texts);
  switch (kind) {
    case 'client': {
      const low = sql`lower(c.name)`;
      return sql`select 'client', c.id::text, c.name, null::text, c.archived_at is not null, c.updated_at, ${low} from clients c where c.deleted_at is null and ${found(low)}`;
    }
    case 'project': {
      const label = sql`concat_ws(' ', p.name, '(' || p.code || ')')`;
      const low = sql`lower(${label})`;
      return sql`select 'project', p.id, ${label}, c.name, p.status = 'archived', p.updated_at, ${low}
        from projects p left join ${names('clients')} c on c.id = p.client_id
        where p.deleted_at is null and ${seesProject(actor, 'p')} and ${found(low, sql`c.low`)}`;
    }
    case 'task': {
      const low = sql`lower(t.summary)`;
      return sql`select 'task', t.id, t.summary, nullif(concat_ws(' · ', p.name, c.name), ''), t.status = 'done', t.updated_at, ${low}
        from tasks t left join ${names('projects')} p on p.id = t.project_id left join ${names('clients')} c on c.id = t.client_id
        where t.deleted_at is null and ${seesTask(actor)} and ${found(low, sql`p.low`, sql`c.low`)}`;
    }
    case 'tag': {
      const low = sql`lower(g.name)`;
      return sql`select 'tag', g.id, g.name, null, g.archived_at is not null, g.updated_at, ${low} from tags g where ${found(low)}`;
    }
    case 'member': {
      const low = sql`lower(coalesce(m.display_name, u.name))`;
      return sql`select 'member', m.id, coalesce(m.display_name, u.name), m.role, m.status = 'inactive', m.updated_at, ${low}
        from memberships m left join users u on u.id = m.user_id where ${found(low, sql`m.role`)}`;
    }
  }
};

export const findAnything = operation({
  name: 'search.find',
  title: 'Find by name',
  summary: 'Find clients, projects, tasks, tags and members by name: from a name to an id.',
  guidance:
    'All words must occur, in the name or its context: "acme website" finds the website of Acme. Best match first.',
  effect: 'read',
  needs: { anyScope: Object.values(scopeOf), role: 'viewer' },
  input: z.object({
    q: z.string().trim().min(1).max(200).describe('Words of the name.'),
    types: z.array(z.enum(kinds)).min(1).optional().describe('Default: all that may be read.'),
    limit: z.coerce.number().int().min(1).max(50).default(10).describe('At most this many, 1 to 50.'),
  }),
  output: z.object({
    data: z
      .array(
        z.object({
          type: z.enum(kinds).describe('What it is.'),
          id: z.string().describe('Its id.'),
          label: z.string().describe('Its name.'),
          context: z.string().nullable().describe('Project and client, or role.'),
          archived: z.boolean().describe('Archived, done or inactive.'),
          score: z.number().describe('1 is the very name, less is less alike.'),
        }),
      )
      .describe('What was found, the best first.'),
    meta: z.object({
      returned: z.number().int().describe('How many are given.'),
      has_more: z.boolean().describe('Whether there are more: use more words or a higher limit.'),
      searched: z.array(z.enum(kinds)).describe('The kinds that were searched.'),
    }),
  }),
  refusals: [insufficientScope],
  async handle({ q, types, limit }, { tx, actor, warn }) {
    const wanted = [...new Set(types ?? kinds)];
    const searched = wanted.filter((kind) => actor.via.scopes.has(scopeOf[kind]));
    const missing = wanted.filter((kind) => !searched.includes(kind)).map((kind) => scopeOf[kind]);
    if (searched.length === 0) {
      throw insufficientScope({ operation: 'search.find', missing, required: missing }, 'types');
    }
    if (types !== undefined && missing.length > 0)
      warn(`Not searched for lack of permission: ${missing.join(', ')}.`);
    const words = q.split(/\s+/);
    const whole = sql`lower(${words.join(' ')}::text)`;
    const { rows } = await sql<Found>`
      with x (type, id, label, context, archived, updated_at, low) as materialized (${sql.join(
        searched.map((kind) => source(kind, actor, words)),
        sql` union all `,
      )})
      select x.type, x.id, x.label, x.context, x.archived, (case
          when x.low = ${whole} then 1 when starts_with(x.low, ${whole}) then 0.9
          when strpos(x.low, ' ' || ${whole}) > 0 then 0.8 when strpos(x.low, ${whole}) > 0 then 0.7
          when ${wordsIn(words, [sql`x.low`])} then 0.6 else 0.5 end - case when x.archived then 0.3 else 0 end)::float8 as score
      from x order by score desc, x.updated_at desc, x.id limit ${limit + 1}`.execute(tx);
    const data = rows.slice(0, limit);
    return { data, meta: { returned: data.length, has_more: rows.length > limit, searched } };
  },
});
