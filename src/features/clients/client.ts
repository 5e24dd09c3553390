import { sql } from 'kysely';
import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import { counted, countedEntries } from '#values/counted.ts';
import { type Id, idSchema } from '#values/id.ts';
import { notFound, refusal } from '#values/refusal.ts';

export const clientId = idSchema('cli');
export const clientName = z.string().trim().min(1).max(200).describe('Name.');

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
/** How many records belong to a client, by kind. */
export interface ClientUses {
  readonly projects: number;
  readonly tasks: number;
  readonly time_entries: number;
  readonly invoices: number;
  readonly recurring_invoices: number;
}
export const clientInUse = refusal<ClientUses>(
  'client_in_use',
  'conflict',
  'The client has projects, tasks, time or invoices.',
  ({ projects, tasks, time_entries, invoices, recurring_invoices }) => {
    const uses = [
      counted(projects, 'project'),
      counted(tasks, 'task'),
      countedEntries(time_entries),
      counted(invoices, 'invoice'),
      counted(recurring_invoices, 'recurring invoice'),
    ].filter((text) => !text.startsWith('0 '));
    return `This client has ${uses.join(', ')}, so it cannot be deleted. Archive it instead: clients.update with archived true.`;
  },
  { fixTool: 'clients.update' },
);
export const currencyMismatch = refusal<{ wanted: string; given: string; because: string }>(
  'currency_mismatch',
  'conflict',
  'Two currencies would be mixed.',
  ({ because }) => because,
);
/** A parent that was deleted later: the child cannot come back before it. */
export const parentDeleted = refusal<{ id: string; noun: string }>(
  'parent_deleted',
  'conflict',
  'What the record belongs to was deleted as well; restore that first.',
  ({ id, noun }) => `Its ${noun} (${id}) was deleted too. Restore that first: ${noun}s.restore.`,
);

/** What a record that comes back belongs to. */
export interface Parents {
  readonly task?: Id<'tsk'> | null;
  readonly project: Id<'prj'> | null;
  readonly client: Id<'cli'> | null;
}

/** Refuses `parent_deleted` where something is gone that a record belongs to; else holds all of it until the transaction ends. */
export const holdParents = async ({ tx }: Call, { task = null, project, client }: Parents): Promise<void> => {
  for (const [noun, id] of [
    ['task', task],
    ['project', project],
    ['client', client],
  ] as const) {
    if (id === null) continue;
    const { rows } =
      await sql`select from ${sql.table(`${noun}s`)} where id = ${id} and deleted_at is null for share`.execute(
        tx,
      );
    if (rows.length === 0) throw parentDeleted({ id, noun });
  }
};

/** The client of that id if something new may be done for it, held against being deleted until the transaction ends; else `not_found` or `client_archived`. */
export const openClient = async ({ tx }: Call, id: Id<'cli'>) => {
  const row = await tx
    .selectFrom('clients')
    .select(['id', 'name', 'currency', 'archived_at'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .forShare()
    .executeTakeFirst();
  if (row === undefined) throw notFound({}, 'client_id');
  if (row.archived_at !== null) throw clientArchived({ id, name: row.name }, 'client_id');
  return row;
};

/** SQL for a client inside another record, as `clientRef`, or null; `alias` is a left join on clients. */
export const clientRefSql = (alias: string) =>
  sql<z.output<typeof clientRef> | null>`case when ${sql.ref(`${alias}.id`)} is not null
    then json_build_object('id', ${sql.ref(`${alias}.id`)}, 'name', ${sql.ref(`${alias}.name`)}) end`;
