import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { newId } from '#values/id.ts';
import {
  findTag,
  orNameTaken,
  refuseTakenName,
  tagColor,
  tagName,
  tagNameTaken,
  tagView,
  viewTag,
} from './tag.ts';

export const createTag = operation({
  name: 'tags.create',
  title: 'Create a tag',
  summary: 'Create a tag.',
  effect: 'create',
  needs: { scope: 'tags:write', role: 'member' },
  input: z.object({ name: tagName, color: tagColor.default(0) }),
  output: z.object({ tag: tagView.describe('The new tag.') }),
  refusals: [tagNameTaken],
  async handle({ name, color }, { tx, now, changed }) {
    await refuseTakenName(tx, name);
    const id = newId('tag', now);
    await tx.insertInto('tags').values({ id, name, color }).execute().catch(orNameTaken(name));
    const tag = viewTag(await findTag(tx, id));
    changed({ id, after: tag });
    return { tag };
  },
});
