import { sql } from 'kysely';
import { violates } from '#database/database.ts';
import type { Call } from '#operation/call.ts';
import { type Id, newId } from '#values/id.ts';
import { multiplyDivide } from '#values/money.ts';
import { notFound, validationFailed } from '#values/refusal.ts';
import { alreadyInvoiced } from './invoice.ts';
import type { NewLine } from './invoice-line.ts';

/** An expense on its line. */
export interface ExpenseOnLine {
  readonly expense: Id<'exp'>;
  readonly amountMinor: bigint;
  readonly line: NewLine;
}

interface ExpenseRow {
  id: Id<'exp'>;
  description: string;
  category: string | null;
  amount_minor: bigint;
  markup_ppm: number;
  tax_code_id: Id<'tax'> | null;
  project_id: Id<'prj'> | null;
  membership_id: Id<'mem'>;
  spent_on: Temporal.PlainDate;
  invoice_id: Id<'inv'> | null;
  problem: string | null;
}

/** What an expense is billed at. */
export const withMarkup = ({
  amount_minor,
  markup_ppm,
}: Pick<ExpenseRow, 'amount_minor' | 'markup_ppm'>): bigint =>
  amount_minor + multiplyDivide(amount_minor, BigInt(markup_ppm), 1_000_000n);

/** The chosen expenses as lines, each at its amount with its markup. Refuses what is not billable to this client in this currency. */
export const expenseLines = async (
  { tx, now }: Call,
  draft: { client: Id<'cli'>; currency: string; taxes: readonly string[] },
  ids: readonly Id<'exp'>[],
): Promise<ExpenseOnLine[]> => {
  const { rows } = await sql<ExpenseRow>`
    select x.id, x.description, k.name as category, x.amount_minor, x.markup_ppm, x.tax_code_id, x.project_id, x.membership_id, x.spent_on,
      x.invoice_id, case when coalesce(x.client_id, p.client_id) is distinct from ${draft.client} then 'belongs to another client'
        when not x.billable then 'is not billable' when x.currency <> ${draft.currency} then 'is in ' || x.currency
        when x.status = 'rejected' then 'was rejected' end as problem
    from expenses x left join expense_categories k on k.id = x.category_id left join projects p on p.id = x.project_id
    where x.id = any(${[...ids]}::text[]) and x.deleted_at is null order by x.spent_on, x.id for no key update of x`.execute(
    tx,
  );
  if (rows.length < new Set(ids).size) throw notFound({}, 'expense_ids');
  const taken = rows.filter(({ invoice_id }) => invoice_id !== null);
  if (taken.length > 0) {
    const entries = taken.map(({ id, invoice_id }) => ({ id, invoice_id: invoice_id! }));
    throw alreadyInvoiced({ entries, count: taken.length }, 'expense_ids');
  }
  const wrong = rows.find(({ problem }) => problem !== null);
  if (wrong !== undefined) {
    const message = `The expense ${wrong.id} ${wrong.problem}, so it cannot go on this invoice. Leave it out.`;
    throw validationFailed({ message }, 'expense_ids');
  }
  return rows.map((row) => {
    const amountMinor = withMarkup(row);
    const text = row.description === '' ? (row.category ?? 'Expense') : row.description;
    const line: NewLine = {
      id: newId('lin', now),
      kind: 'expense',
      description: text,
      details: row.spent_on.toString(),
      quantity_num: 1n,
      quantity_den: 1n,
      unit: null,
      unit_price_minor: amountMinor,
      price_base: 1,
      discount_kind: null,
      discount_value: null,
      tax_code_ids: row.tax_code_id === null ? [...draft.taxes] : [row.tax_code_id],
      raw_seconds: null,
      billed_seconds: null,
      project_id: row.project_id,
      task_id: null,
      membership_id: row.membership_id,
    };
    return { expense: row.id, amountMinor, line };
  });
};

/** Claims expenses for lines that are written. @see claimTime */
export const claimExpenses = async (
  { tx }: Call,
  invoice: Id<'inv'>,
  expenses: readonly ExpenseOnLine[],
): Promise<void> => {
  if (expenses.length === 0) return;
  try {
    await tx
      .insertInto('invoice_line_expenses')
      .values(
        expenses.map(({ expense, amountMinor, line }) => ({
          invoice_id: invoice,
          invoice_line_id: line.id,
          expense_id: expense,
          amount_minor: amountMinor,
        })),
      )
      .execute();
  } catch (error) {
    if (violates(error, 'one_active_invoice_per_expense'))
      throw alreadyInvoiced({ entries: [], count: expenses.length });
    throw error;
  }
};
