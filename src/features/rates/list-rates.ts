import { sql } from 'kysely';
import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { dateInput } from '#values/local-time.ts';
import { page, pageInput, pageOf, readCursor } from '#values/page.ts';
import { rateKind, rateLevels, rateMember, targetId } from './rate-target.ts';
import { rateRows, rateView, viewRate } from './rate-view.ts';

export const listRates = operation({
  name: 'rates.list',
  title: 'List rates',
  summary: 'List rates per hour, by level, with the days each holds.',
  guidance: 'Which one applies to a piece of work: rates.resolve.',
  effect: 'read',
  needs: { scope: 'rates:read', role: 'manager' },
  input: z.object({
    level: z.enum(rateLevels).optional().describe('Only this level.'),
    target_id: targetId.optional().describe('Only of this client, project or task.'),
    member_id: rateMember.optional().describe('Only of this person.'),
    kind: rateKind.optional(),
    on: dateInput.optional().describe('Only what holds on this day, YYYY-MM-DD.'),
    ...pageInput,
  }),
  output: pageOf(rateView),
  async handle({ level, target_id: target, member_id: member, kind, on, limit, cursor }, { tx }) {
    const after = readCursor(cursor, ['text']);
    const conditions = [
      ...(level === undefined ? [] : [sql`r.level = ${level}`]),
      ...(target === undefined ? [] : [sql`r.target_id = ${target}`]),
      ...(member === undefined ? [] : [sql`(r.membership_id = ${member} or r.target_id = ${member})`]),
      ...(kind === undefined ? [] : [sql`r.kind = ${kind}`]),
      ...(on === undefined
        ? []
        : [
            sql`r.rate_minor is not null and r.valid_from <= ${on}::date and coalesce(r.valid_until, 'infinity') >= ${on}::date`,
          ]),
      ...(after === null ? [] : [sql`r.sort_key > ${after[0]}`]),
    ];
    const rows = await rateRows(tx, sql.join([sql`true`, ...conditions], sql` and `), limit + 1);
    const found = page(rows, limit, ({ sort_key: key }) => [key]);
    return { ...found, data: found.data.map(viewRate) };
  },
});
