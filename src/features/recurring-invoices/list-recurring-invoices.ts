import { sql } from 'kysely';
import { z } from 'zod';
import { all, sorted } from '#database/sorted.ts';
import { clientId } from '#features/clients/client.ts';
import { operation } from '#operation/operation.ts';
import { page, pageInput, pageOf } from '#values/page.ts';
import { recurringRows, recurringView, viewRecurring } from './recurring-invoice.ts';

const sortings = {
  next: { by: sql`coalesce(r.next_on::text, '9999')`, type: 'text' },
  name: { by: sql`lower(r.name)`, type: 'text' },
} as const;

export const listRecurringInvoices = operation({
  name: 'recurring_invoices.list',
  title: 'List recurring invoices',
  summary: 'List series of invoices that come round by themselves, with their next days.',
  effect: 'read',
  needs: { scope: 'invoices:read', role: 'manager', entitlement: 'recurring_invoices' },
  input: z.object({
    client_id: clientId.optional().describe('Only of this client.'),
    status: z.enum(['active', 'paused', 'completed']).optional().describe('Only in this state.'),
    sort: z.enum(['next', 'name']).default('next').describe('Order.'),
    ...pageInput,
  }),
  output: pageOf(recurringView),
  async handle({ client_id: client, status, sort, limit, cursor }, call) {
    const { order, after, key, cursorOf } = sorted(sortings, sort, cursor, sql`r.id`);
    const chosen = sql`select r.*, ${key} as sort_key from recurring_invoices r where ${all([
      after,
      sql`r.deleted_at is null`,
      ...(client === undefined ? [] : [sql`r.client_id = ${client}`]),
      ...(status === undefined ? [] : [sql`r.status = ${status}`]),
    ])} order by ${order} limit ${limit + 1}`;
    const found = page(await recurringRows(call, chosen, order), limit, cursorOf);
    return { ...found, data: found.data.map((row) => viewRecurring(row, call.zone)) };
  },
});
