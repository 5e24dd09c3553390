import { sql } from 'kysely';
import { z } from 'zod';
import { all } from '#database/sorted.ts';
import { withMarkup } from '#features/invoices/invoice-expenses.ts';
import type { Call } from '#operation/call.ts';
import { type Id, idSchema } from '#values/id.ts';
import { amountText, formatAmount } from '#values/money.ts';
import type { Choice } from './selectable-time.ts';

/** An expense that an invoice could bill. */
interface SelectableExpense {
  id: Id<'exp'>;
  project_id: Id<'prj'> | null;
  project_name: string | null;
  description: string;
  spent_on: Temporal.PlainDate;
  amount_minor: bigint;
  markup_ppm: number;
}

/** The most expenses that are looked at. */
const mostExpenses = 1000;

/** Expenses of the client that an invoice could bill, the oldest first. */
export const selectableExpenses = async (
  { tx }: Call,
  { client, currency, from, to }: Choice,
): Promise<SelectableExpense[]> => {
  const chosen = all([
    sql`x.deleted_at is null and x.billable and x.invoice_id is null and x.status <> 'rejected' and x.currency = ${currency}
      and coalesce(x.client_id, p.client_id) = ${client}`,
    ...(from === undefined ? [] : [sql`x.spent_on >= ${from}::date`]),
    ...(to === undefined ? [] : [sql`x.spent_on <= ${to}::date`]),
  ]);
  const { rows } = await sql<SelectableExpense>`
    select x.id, x.project_id, p.name as project_name, coalesce(nullif(x.description, ''), k.name, '') as description, x.spent_on,
      x.amount_minor, x.markup_ppm
    from expenses x left join projects p on p.id = x.project_id left join expense_categories k on k.id = x.category_id
    where ${chosen} order by x.spent_on, x.id limit ${mostExpenses}`.execute(tx);
  return rows;
};

/** An expense as it is shown. */
export const expenseNode = z.object({
  id: idSchema('exp'),
  date: z.string().describe('Its day.'),
  description: z.string().describe('What it was for.'),
  amount: amountText.describe('To bill, with its markup.'),
});

/** An expense as an `expenseNode`. */
export const viewExpense = (expense: SelectableExpense, currency: string): z.input<typeof expenseNode> => ({
  id: expense.id,
  date: expense.spent_on.toString(),
  description: expense.description,
  amount: formatAmount(withMarkup(expense), currency),
});
