import { sql } from 'kysely';
import { z } from 'zod';
import { type Transaction, violates } from '#database/database.ts';
import type { TagsRow } from '#database/rows.ts';
import { roleCovers } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import { counted } from '#values/counted.ts';
import { type Id, idSchema, newId } from '#values/id.ts';
import { notFound, refusal } from '#values/refusal.ts';
import type { Selectable } from 'kysely';

export const tagId = idSchema('tag');
export const tagName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .refine((name) => !/^[a-z]{3}_[0-9a-z]{26}$/i.test(name), {
    error: 'must not look like an id: tags are given by id or by name, and nobody could tell which is meant',
  })
  .describe('Unique, whatever the case.');
export const tagColor = z.number().int().min(0).max(16).describe('0 to 16 of the palette.');

/** A tag as every door shows it. */
export const tagView = z.object({
  id: tagId,
  name: z.string().describe('Its name.'),
  color: z.number().int().describe('0 to 16 of the palette.'),
  archived: z.boolean().describe('Archived tags stay on old records and are not offered for new ones.'),
  uses: z.number().int().describe('How many tasks and time entries carry it.'),
  version: z.number().int().describe('Counts its changes; give it as expected_version.'),
});

/** A tag inside another record. */
export const tagRef = z.object({ id: tagId, name: z.string().describe('Its name.') });

export const tagNameTaken = refusal<{ name: string; id: string }>(
  'tag_name_taken',
  'conflict',
  'Another tag has this name, whatever the case.',
  ({ name, id }) => `There is a tag "${name}" already (${id}). Use it, or choose another name.`,
  { fixTool: 'tags.list' },
);
export const tagInUse = refusal<{ locked: number }>(
  'tag_in_use',
  'conflict',
  'The tag is on locked time entries, which cannot change.',
  ({ locked }) =>
    `This tag is on ${counted(locked, 'locked time entry', 'locked time entries')}, which cannot change. Archive it instead: tags.update with archived true.`,
  { fixTool: 'tags.update' },
);
export const unknownTag = refusal<{ name: string }>(
  'unknown_tag',
  'not_found',
  'No tag has this name, and the caller may not make one.',
  ({ name }) => `There is no tag "${name}", and you may not make one. Use a name that tags.list gives.`,
  { fixTool: 'tags.list' },
);

export const tagArchived = refusal<{ name: string; id: string }>(
  'tag_archived',
  'conflict',
  'The tag of this name is archived: it stays where it is and is put on nothing new.',
  ({ name, id }) =>
    `The tag "${name}" (${id}) is archived. Bring it back with tags.update (archived false), or use another one.`,
  { fixTool: 'tags.update' },
);
/** The refusals of `tagsByIdOrName`. */
export const tagRefusals = [unknownTag, tagArchived] as const;

/** The tags of a record as its writes take them. */
export const tagsInput = z
  .array(z.string().trim().min(1).max(60))
  .max(20)
  .describe('By id or name; an unknown name becomes a tag where you may make one.');

/** Tags with their number of uses, by name: the one query behind list and the views of single tags. */
export const tagsWithUses = (tx: Transaction) =>
  tx
    .selectFrom('tags')
    .selectAll('tags')
    .select(
      sql<number>`((select count(*) from task_tags t where t.tag_id = tags.id)
      + (select count(*) from time_entry_tags t where t.tag_id = tags.id))::int`.as('uses'),
    );

/** A row of `tagsWithUses` as a `tagView`. */
export const viewTag = (row: Selectable<TagsRow> & { uses: number }): z.output<typeof tagView> => ({
  id: row.id,
  name: row.name,
  color: row.color,
  archived: row.archived_at !== null,
  uses: row.uses,
  version: row.version,
});

/** The tag of that id, or `not_found`. */
export const findTag = async (tx: Transaction, id: Id<'tag'>, field?: string) => {
  const row = await tagsWithUses(tx).where('tags.id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound({}, field);
  return row;
};

/** Refuses when another tag already has this name. Who takes it at this very moment is found by `orNameTaken`. */
export const refuseTakenName = async (tx: Transaction, name: string, except?: Id<'tag'>): Promise<void> => {
  const other = await tx
    .selectFrom('tags')
    .select(['id', 'name'])
    .where(sql`lower(name)`, '=', sql`lower(${name})`)
    .executeTakeFirst();
  if (other !== undefined && other.id !== except) throw tagNameTaken(other, 'name');
};

/** The refusal of a write by which two tags would have one name; any other error is thrown again. */
export const orNameTaken =
  (name = '') =>
  (error: unknown): never => {
    if (violates(error, 'one_tag_per_name')) throw tagNameTaken({ name, id: 'see tags.list' }, 'name');
    throw error;
  };

/**
 * The tags there are of those given by id or by name (whatever the case), each with how it was given; held against being deleted until
 * the transaction ends.
 */
export const knownTags = async (tx: Transaction, given: readonly string[]) => {
  if (given.length === 0) return [];
  const { rows } = await sql<{ id: Id<'tag'>; given: string; archived: boolean }>`
    select t.id, g.given, t.archived_at is not null as archived from unnest(${[...given]}::text[]) g (given)
    join tags t on t.id = g.given or lower(t.name) = lower(g.given) for key share of t`.execute(tx);
  return rows;
};

/**
 * The ids of tags given by id or by name (whatever the case), in order and each once; makes the names that are new, or refuses
 * `unknown_tag`. A name of an archived one is refused `tag_archived`, unless the record `has` it already.
 */
export const tagsByIdOrName = async (
  { tx, actor, now }: Call,
  given: readonly string[],
  has: readonly Id<'tag'>[] = [],
): Promise<Id<'tag'>[]> => {
  const rows = await knownTags(tx, given);
  const gone = rows.find((row) => row.archived && row.given !== row.id && !has.includes(row.id));
  if (gone !== undefined) throw tagArchived({ name: gone.given, id: gone.id }, 'tags');
  const known = new Map(rows.map((row) => [row.given, row.id]));
  const mayMake = actor.via.scopes.has('tags:write') && roleCovers(actor.membership.role, 'member');
  for (const name of given) {
    if (known.has(name)) continue;
    if (tagId.safeParse(name).success) throw notFound({}, 'tags');
    if (!mayMake) throw unknownTag({ name }, 'tags');
    // A name made meanwhile is taken, whoever made it.
    await tx
      .insertInto('tags')
      .values({ id: newId('tag', now), name })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const made = await tx
      .selectFrom('tags')
      .select('id')
      .where(sql`lower(name)`, '=', sql`lower(${name})`)
      .executeTakeFirstOrThrow();
    for (const same of given) if (same.toLowerCase() === name.toLowerCase()) known.set(same, made.id);
  }
  return [...new Set(given.map((name) => known.get(name)!))];
};

/** Refuses to take a tag off time that cannot change: invoiced, approved, or in a closed period. */
export const refuseLockedUses = async ({ tx, actor }: Call, id: Id<'tag'>): Promise<void> => {
  const { rows } = await sql<{ locked: number }>`
    select count(*)::int as locked from time_entry_tags t join time_entries e on e.id = t.entry_id
    where t.tag_id = ${id} and e.deleted_at is null and (e.approved_at is not null or e.invoice_id is not null or e.local_date <= ${actor.workspace.lock_date})`.execute(
    tx,
  );
  const locked = rows[0]?.locked ?? 0;
  if (locked > 0) throw tagInUse({ locked });
};
