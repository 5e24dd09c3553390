import { sql } from 'kysely';
import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { checkVersion, expectedVersion, nextVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { validationFailed } from '#values/refusal.ts';
import {
  findTag,
  orNameTaken,
  refuseLockedUses,
  refuseTakenName,
  tagColor,
  tagId,
  tagInUse,
  tagName,
  tagNameTaken,
  tagView,
  viewTag,
} from './tag.ts';

export const updateTag = operation({
  name: 'tags.update',
  title: 'Change a tag',
  summary: 'Rename, recolour, archive or merge a tag.',
  guidance: 'merge_into moves every use to the other tag and archives this one.',
  effect: 'update',
  needs: { scope: 'tags:write', role: 'manager' },
  input: z.object({
    id: tagId,
    name: tagName.optional(),
    color: tagColor.optional(),
    archived: z.boolean().optional().describe('true archives it, false brings it back.'),
    merge_into: tagId.optional().describe('Takes over every use of this one.'),
    expected_version: expectedVersion,
  }),
  output: z.object({
    tag: tagView.describe('The tag as it is now; after a merge, the one merged into.'),
    moved: z.number().int().describe('Uses moved by a merge.'),
  }),
  refusals: [tagNameTaken, tagInUse],
  async handle({ id, name, color, archived, merge_into: target, expected_version }, call) {
    const { tx, now, changed } = call;
    // In one order, so that of two that are merged into each other one waits.
    for (const each of [id, target ?? id].sort()) await lockRow(tx, 'tags', each);
    const before = await findTag(tx, id);
    checkVersion(expected_version, before);
    if (target === id)
      throw validationFailed({ message: 'A tag cannot be merged into itself.' }, 'merge_into');
    if (name !== undefined) await refuseTakenName(tx, name, id);
    let moved = 0;
    if (target !== undefined) {
      await refuseLockedUses(call, id);
      await findTag(tx, target, 'merge_into');
      // A record that carries both keeps the other: nothing moves there.
      const tasks =
        await sql`insert into task_tags (task_id, tag_id) select task_id, ${target} from task_tags where tag_id = ${id}
          on conflict do nothing returning 1`.execute(tx);
      const entries =
        await sql`insert into time_entry_tags (entry_id, tag_id) select entry_id, ${target} from time_entry_tags where tag_id = ${id}
          on conflict do nothing returning 1`.execute(tx);
      await tx.deleteFrom('task_tags').where('tag_id', '=', id).execute();
      await tx.deleteFrom('time_entry_tags').where('tag_id', '=', id).execute();
      // Rules that name it go on with the other: ids are in their texts and nowhere else.
      await sql`update rules set conditions = replace(conditions::text, ${id}, ${target})::jsonb,
          actions = replace(actions::text, ${id}, ${target})::jsonb
        where deleted_at is null and position(${id} in conditions::text || actions::text) > 0`.execute(tx);
      moved = tasks.rows.length + entries.rows.length;
    }
    const archive = target === undefined ? archived : true;
    await tx
      .updateTable('tags')
      .set({
        ...(name === undefined ? {} : { name }),
        ...(color === undefined ? {} : { color }),
        ...(archive === undefined ? {} : { archived_at: archive ? (before.archived_at ?? now) : null }),
        version: nextVersion(target !== undefined && before.uses > 0),
      })
      .where('id', '=', id)
      .execute()
      .catch(orNameTaken(name));
    const after = viewTag(await findTag(tx, id));
    changed({
      id,
      before: viewTag(before),
      after: { ...after, ...(target === undefined ? {} : { merged_into: target }) },
    });
    return { tag: target === undefined ? after : viewTag(await findTag(tx, target)), moved };
  },
});
