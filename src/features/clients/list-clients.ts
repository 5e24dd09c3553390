import { sql } from 'kysely';
import { z } from 'zod';
import { all, sorted } from '#database/sorted.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import { refuseWithout } from '#operation/refuse-without.ts';
import { seesTime, unbilledSql } from '#features/rates/worth.ts';
import { page, pageInput, pageOf, updatedSince } from '#values/page.ts';
import { restorableSince } from '#values/restorable.ts';
import { clientRows, clientView, viewClient } from './client-view.ts';

const sortings = {
  name: { by: sql`lower(c.name)`, type: 'text' },
  newest: { by: sql`c.created_at`, type: 'timestamptz', descending: true },
  changed: { by: sql`c.updated_at`, type: 'timestamptz', descending: true },
} as const;

export const listClients = operation({
  name: 'clients.list',
  title: 'List clients',
  summary: 'List clients with their currency, rate and unbilled time.',
  effect: 'read',
  needs: { scope: 'clients:read', role: 'viewer' },
  input: z.object({
    q: z.string().max(200).optional().describe('Text in the name.'),
    archived: z.boolean().default(false).describe('true: archived clients too.'),
    deleted: z.boolean().default(false).describe('true: only deleted ones.'),
    has_unbilled: z.boolean().optional().describe('true: only with, false: only without.'),
    sort: z.enum(['name', 'newest', 'changed']).default('name').describe('Order.'),
    updated_since: updatedSince,
    ...pageInput,
  }),
  output: pageOf(clientView),
  refusals: [insufficientScope],
  async handle(input, call) {
    const { actor, now, zone } = call;
    const { q, archived, deleted, has_unbilled: unbilled, sort, updated_since, limit, cursor } = input;
    if (unbilled !== undefined)
      refuseWithout(actor, ['time:read'], 'clients.list with has_unbilled', 'has_unbilled');
    const { order, after, key, cursorOf } = sorted(sortings, sort, cursor, sql`c.id`);
    const chosen = sql`select c.*, ${key} as sort_key from clients c where ${all([
      after,
      deleted ? sql`c.deleted_at > ${restorableSince(now)}` : sql`c.deleted_at is null`,
      ...(archived || deleted ? [] : [sql`c.archived_at is null`]),
      ...(q === undefined ? [] : [sql`position(lower(${q}) in lower(c.name)) > 0`]),
      ...(updated_since === undefined ? [] : [sql`c.updated_at >= ${updated_since}::timestamptz`]),
      ...(unbilled === undefined
        ? []
        : [
            sql`exists (select from time_entries e
              where e.client_id = c.id and ${unbilledSql('e')} and ${seesTime(actor, 'e')}) = ${unbilled}`,
          ]),
    ])} order by ${order} limit ${limit + 1}`;
    const found = page(await clientRows(call, chosen, order), limit, cursorOf);
    return { ...found, data: found.data.map((row) => viewClient(row, zone)) };
  },
});
