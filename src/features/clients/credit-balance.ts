import { sql } from 'kysely';
import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { idSchema } from '#values/id.ts';
import { momentText } from '#values/local-time.ts';
import { amountText, currencyText, formatAmount } from '#values/money.ts';
import { page, pageInput, pageMeta, readCursor } from '#values/page.ts';
import { notFound } from '#values/refusal.ts';
import { clientId } from './client.ts';

const sources = ['overpayment', 'credit_note', 'applied', 'refund', 'reversal'] as const;

const movementView = z.object({
  id: idSchema('crd'),
  at: z.string().describe('When.'),
  amount: amountText.describe('Negative where credit was used or paid out.'),
  currency: currencyText,
  source: z.enum(sources).describe('What moved it; reversal takes back an earlier movement.'),
  invoice: z
    .object({ id: idSchema('inv'), number: z.string().nullable().describe('Its number.') })
    .nullable()
    .describe('Invoice or credit note it came from or went to.'),
  payment_id: idSchema('pay').nullable().describe('The payment that moved it.'),
});

interface Movement {
  id: string;
  created_at: Temporal.Instant;
  amount_minor: bigint;
  currency: string;
  source: (typeof sources)[number];
  invoice: { id: string; number: string | null } | null;
  payment_id: string | null;
}

export const creditBalance = operation({
  name: 'clients.credit_balance',
  title: 'Credit of a client',
  summary: 'What we owe a client as credit, per currency, and every movement of it.',
  guidance: 'Use credit with invoice_payments.record, kind credit_applied; pay it out with kind refund.',
  effect: 'read',
  needs: { scope: 'invoices:read', role: 'manager', entitlement: 'invoicing' },
  input: z.object({ client_id: clientId, ...pageInput }),
  output: z.object({
    balances: z
      .array(z.object({ currency: currencyText, balance: amountText.describe('Credit left.') }))
      .describe('Credit left, by currency.'),
    data: z.array(movementView).describe('The movements, newest first.'),
    meta: pageMeta,
  }),
  async handle({ client_id, limit, cursor }, { tx, zone }) {
    const client = await tx.selectFrom('clients').select('id').where('id', '=', client_id).executeTakeFirst();
    if (client === undefined) throw notFound({});
    const before = readCursor(cursor, ['text']);
    const { rows } =
      await sql<Movement>`select m.id, m.created_at, m.amount_minor, m.currency, m.source, m.payment_id,
        case when i.id is not null then json_build_object('id', i.id, 'number', i.number) end as invoice
      from client_credits m left join invoices i on i.id = m.invoice_id
      where m.client_id = ${client_id} and ${before === null ? sql`true` : sql`m.id < ${before[0]}`}
      order by m.id desc limit ${limit + 1}`.execute(tx);
    const balances = await tx
      .selectFrom('client_credit_balances')
      .select(['currency', 'balance_minor'])
      .where('client_id', '=', client_id)
      .orderBy('currency')
      .execute();
    const found = page(rows, limit, ({ id }) => [id]);
    return {
      balances: balances.map(({ currency, balance_minor }) => ({
        currency,
        balance: formatAmount(balance_minor, currency),
      })),
      data: found.data.map((row) => ({
        id: row.id as `crd_${string}`,
        at: momentText(row.created_at, zone),
        amount: formatAmount(row.amount_minor, row.currency),
        currency: row.currency,
        source: row.source,
        invoice: row.invoice as { id: `inv_${string}`; number: string | null } | null,
        payment_id: row.payment_id as `pay_${string}` | null,
      })),
      meta: found.meta,
    };
  },
});
