import { z } from 'zod';
import { postMail } from '#database/outbox.ts';
import { operation } from '#operation/operation.ts';
import { type Id, idSchema, newId } from '#values/id.ts';
import { notFound } from '#values/refusal.ts';
import type { Transaction } from '#database/database.ts';

const nameOf = async (tx: Transaction, id: Id<'tag'>): Promise<string> => {
  const tag = await tx.selectFrom('tags').select('name').where('id', '=', id).executeTakeFirst();
  if (tag === undefined) throw notFound({}, 'id');
  return tag.name;
};

/**
 * An operation that asks: mails what a tag is called. To nobody it needs no question. For tests of the asking, which must not wait for
 * an operation of a feature to have a reason to ask.
 */
export const announceTag = operation({
  name: 'tags.announce',
  title: 'Announce a tag',
  summary: 'Mails the name of a tag.',
  effect: 'send',
  needs: { scope: 'tags:write', role: 'manager' },
  input: z.object({
    id: idSchema('tag'),
    to: z.string().max(200).describe('To whom; empty for nobody.'),
  }),
  output: z.object({ sent: z.number().int().describe('How many mails.') }),
  asks: async ({ id, to }, { tx }) => (to === '' ? null : `Mail the tag "${await nameOf(tx, id)}" to ${to}?`),
  handle: async ({ id, to }, { tx, now, changed }) => {
    const name = await nameOf(tx, id);
    if (to !== '') await postMail(tx, newId('dsp', now), { to, subject: name, text: name });
    changed({ id, after: { announced_to: to } });
    return { sent: to === '' ? 0 : 1 };
  },
});
