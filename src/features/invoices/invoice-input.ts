import { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import type { InvoiceSettings } from '#features/settings/settings.ts';
import { dateInput } from '#values/local-time.ts';
import { type Money, parseAmount } from '#values/money.ts';
import { validationFailed } from '#values/refusal.ts';
import { discountInput } from './invoice.ts';
import { lineInput } from './invoice-line.ts';
import { fromTime } from './invoice-time.ts';

/** The parts of a draft that can be said at its creation and later. In an update null clears. */
export const draftFields = {
  issue_date: dateInput.optional().describe('Day of issue; default today.'),
  due_date: dateInput.optional().describe('Day it is due.'),
  terms_days: z.number().int().min(0).max(365).optional().describe('Or days from issue to due.'),
  discount: discountInput.nullish().describe('Taken off all of it, before tax.'),
  prices_include_tax: z.boolean().optional().describe('Whether prices include tax.'),
  language: z.enum(['en', 'de', 'fr']).optional().describe('Language of the document.'),
  purchase_order: z.string().trim().max(100).nullish().describe('The client’s order number.'),
  buyer_reference: z.string().trim().max(200).nullish().describe('What the client wants quoted.'),
  notes: z.string().trim().max(5000).nullish().describe('Text below the lines.'),
};

/** Where the lines come from. */
export const contentInput = {
  from_time: fromTime.optional(),
  expense_ids: z
    .array(z.string().regex(/^exp_/))
    .min(1)
    .max(200)
    .optional()
    .describe('Billable expenses of the client.'),
  lines: z.array(lineInput).min(1).max(500).optional().describe('Free lines.'),
};

/** The day an invoice is due: as said, else its issue and so many days. */
export const dueDateOf = (
  issued: Temporal.PlainDate,
  given: { due_date?: string | undefined; terms_days?: number | undefined },
  usualDays: number,
): Temporal.PlainDate => {
  const { due_date, terms_days } = given;
  if (due_date !== undefined && terms_days !== undefined) {
    throw validationFailed({ message: 'Give due_date or terms_days, not both.' }, 'due_date');
  }
  const due =
    due_date === undefined
      ? issued.add({ days: terms_days ?? usualDays })
      : Temporal.PlainDate.from(due_date);
  if (Temporal.PlainDate.compare(due, issued) < 0) {
    const message = `due_date must not be before issue_date: ${due.toString()} is before ${issued.toString()}.`;
    throw validationFailed({ message }, 'due_date');
  }
  return due;
};

/** The smallest coin that totals in this currency are rounded to, or null. */
export const cashRounding = (
  { cash_rounding_step: step }: InvoiceSettings,
  workspace: { readonly currency: string },
  currency: Money['currency'],
): bigint | null => (step === null || workspace.currency !== currency ? null : parseAmount(step, currency));

/** The tax codes that lines get where nothing is said: the client’s, else the workspace’s, if it is still in use. */
export const usualTaxes = async (
  tx: Transaction,
  client: { default_tax_id: string | null },
  settings: InvoiceSettings,
): Promise<string[]> => {
  const wanted = client.default_tax_id ?? settings.default_tax_id;
  if (wanted === null) return [];
  const code = await tx
    .selectFrom('tax_codes')
    .select('id')
    .where('id', '=', wanted as `tax_${string}`)
    .where('archived_at', 'is', null)
    .executeTakeFirst();
  return code === undefined ? [] : [code.id];
};
