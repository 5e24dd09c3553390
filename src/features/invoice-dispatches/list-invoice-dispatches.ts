import { sql } from 'kysely';
import { z } from 'zod';
import { all } from '#database/sorted.ts';
import { clientId } from '#features/clients/client.ts';
import { invoiceId } from '#features/invoices/invoice.ts';
import { operation } from '#operation/operation.ts';
import { page, pageInput, pageOf, readCursor } from '#values/page.ts';
import {
  dispatchKinds,
  dispatchRows,
  dispatchStatuses,
  dispatchView,
  viewDispatch,
} from './invoice-dispatch.ts';

export const listInvoiceDispatches = operation({
  name: 'invoice_dispatches.list',
  title: 'List e-mails to clients',
  summary:
    'List the invoices, reminders and receipts that were e-mailed, newest first, and how far each got.',
  effect: 'read',
  needs: { scope: 'invoices:read', role: 'manager', entitlement: 'invoicing' },
  input: z.object({
    invoice_id: invoiceId.optional().describe('Only about this invoice.'),
    client_id: clientId.optional().describe('Only to this client.'),
    kind: z.enum(dispatchKinds).optional().describe('Only of this kind.'),
    status: z.enum(dispatchStatuses).optional().describe('Only those that got this far.'),
    ...pageInput,
  }),
  output: pageOf(dispatchView),
  async handle({ invoice_id, client_id, kind, status, limit, cursor }, call) {
    const after = readCursor(cursor, ['instant', 'text']);
    const where = all([
      ...(invoice_id === undefined ? [] : [sql`d.invoice_id = ${invoice_id}`]),
      ...(client_id === undefined ? [] : [sql`i.client_id = ${client_id}`]),
      ...(kind === undefined ? [] : [sql`d.kind = ${kind}`]),
      ...(status === undefined ? [] : [sql`s.status = ${status}`]),
      ...(after === null ? [] : [sql`(d.created_at, d.id) < (${after[0]}::timestamptz, ${after[1]})`]),
    ]);
    const newest = sql`order by d.created_at desc, d.id desc limit ${limit + 1}`;
    const found = page(await dispatchRows(call, where, newest), limit, (row) => [
      row.created_at.toString(),
      row.id,
    ]);
    return { data: found.data.map((row) => viewDispatch(row, call.zone)), meta: found.meta };
  },
});
