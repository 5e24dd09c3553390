import { sql } from 'kysely';
import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import { idSchema, type Id } from '#values/id.ts';
import { notFound, refusal } from '#values/refusal.ts';

export const clientId = idSchema('cli');

/** A client inside another record. */
export const clientRef = z.object({ id: clientId, name: z.string().describe('Its name.') });

export const clientArchived = refusal<{ id: string; name: string }>(
  'client_archived',
  'conflict',
  'The client is archived: nothing new can be done for it.',
  ({ id, name }) =>
    `The client "${name}" (${id}) is archived. Bring it back first: clients.update with archived false.`,
  { fixTool: 'clients.update' },
);

/** The client of that id if something new may be done for it; else `not_found` or `client_archived`. */
export const openClient = async ({ tx }: Call, id: Id<'cli'>) => {
  const row = await tx
    .selectFrom('clients')
    .select(['id', 'name', 'currency', 'archived_at'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw notFound({}, 'client_id');
  if (row.archived_at !== null) throw clientArchived({ id, name: row.name }, 'client_id');
  return row;
};

/** SQL for a client inside another record, as `clientRef`; `alias` is a left join on clients. */
export const clientRefSql = (alias: string) =>
  sql`case when ${sql.ref(alias)}.id is null then null
    else jsonb_build_object('id', ${sql.ref(alias)}.id, 'name', ${sql.ref(alias)}.name) end`;
