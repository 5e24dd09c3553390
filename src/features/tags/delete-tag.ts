import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { findTag, refuseLockedUses, tagId, tagInUse, viewTag } from './tag.ts';

export const deleteTag = operation({
  name: 'tags.delete',
  title: 'Delete a tag',
  summary: 'Delete a tag and take it off every task and unlocked time entry.',
  guidance:
    'A deliberate act of the user: ask first. The records themselves stay. A tag on locked entries can only be archived (tags.update).',
  effect: 'delete',
  needs: { scope: 'tags:write', role: 'manager' },
  input: z.object({ id: tagId, expected_version: expectedVersion }),
  output: z.object({
    deleted: tagId.describe('The tag that is gone.'),
    unlinked: z.number().int().describe('Records it was taken off.'),
  }),
  refusals: [tagInUse],
  async handle({ id, expected_version }, call) {
    const { tx, changed } = call;
    await lockRow(tx, 'tags', id);
    const tag = await findTag(tx, id);
    checkVersion(expected_version, tag);
    await refuseLockedUses(call, id);
    await tx.deleteFrom('tags').where('id', '=', id).execute();
    changed({ id, before: viewTag(tag) });
    return { deleted: id, unlinked: tag.uses };
  },
});
