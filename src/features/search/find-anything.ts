import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
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

/** What each kind is found by. A context of another kind (the client of a project) is there only where that may be read too. */
const source = (kind: Kind, actor: Actor): RawBuilder<unknown> => {
  const may = (scope: Scope) => sql`${actor.via.scopes.has(scope)}::boolean`;
  const clientName = sql`case when ${may('clients:read')} then c.name end`;
  switch (kind) {
    case 'client':
      return sql`select 'client' as type, c.id::text as id, c.name as label, null::text as context, c.archived_at is not null as archived,
        c.updated_at from clients c where c.deleted_at is null`;
    case 'project':
      return sql`select 'project', p.id, concat_ws(' ', p.name, '(' || p.code || ')'), ${clientName}, p.status = 'archived', p.updated_at
        from projects p left join clients c on c.id = p.client_id where p.deleted_at is null and ${seesProject(actor, 'p')}`;
    case 'task':
      return sql`select 'task', t.id, t.summary,
          nullif(concat_ws(' · ', case when ${may('projects:read')} then p.name end, ${clientName}), ''), t.status = 'done', t.updated_at
        from tasks t left join projects p on p.id = t.project_id left join clients c on c.id = t.client_id
        where t.deleted_at is null and ${seesTask(actor)}`;
    case 'tag':
      return sql`select 'tag', g.id, g.name, null, g.archived_at is not null, g.updated_at from tags g`;
    case 'member':
      return sql`select 'member', m.id, coalesce(m.display_name, u.name), m.role, m.status = 'inactive', m.updated_at
        from memberships m left join users u on u.id = m.user_id`;
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
    const words = q.toLowerCase().split(/\s+/);
    const { rows } = await sql<Found>`
      select x.type, x.id, x.label, x.context, x.archived, (case
          when lower(x.label) = ${words.join(' ')} then 1 when starts_with(lower(x.label), ${words.join(' ')}) then 0.9
          when position(' ' || ${words.join(' ')} in lower(x.label)) > 0 then 0.8
          when position(${words.join(' ')} in lower(x.label)) > 0 then 0.7
          when not exists (select from unnest(${words}::text[]) w where position(w in lower(x.label)) = 0) then 0.6
          else 0.5 end - case when x.archived then 0.3 else 0 end)::float8 as score
      from (${sql.join(
        searched.map((kind) => source(kind, actor)),
        sql` union all `,
      )}) x (type, id, label, context, archived, updated_at)
      where not exists (select from unnest(${words}::text[]) w where position(w in lower(concat_ws(' ', x.label, x.context))) = 0)
      order by score desc, x.updated_at desc, x.id limit ${limit + 1}`.execute(tx);
    const data = rows.slice(0, limit);
    return { data, meta: { returned: data.length, has_more: rows.length > limit, searched } };
  },
});
