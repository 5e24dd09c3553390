import type { z } from 'zod';
import { openClient } from '#features/clients/client.ts';
import { invoiceSettings } from '#features/settings/settings.ts';
import { checkTaxes } from '#features/tax-rates/tax-rate.ts';
import type { Call } from '#operation/call.ts';
import { type Id, newId } from '#values/id.ts';
import { workspaceToday, type InvoiceKind, nothingToInvoice } from './invoice.ts';
import { claimTime, keepPeriod } from './invoice-claims.ts';
import { claimExpenses, expenseLines } from './invoice-expenses.ts';
import type { draftFields } from './invoice-input.ts';
import { cashRounding, type contentInput, dueDateOf, usualTaxes } from './invoice-input.ts';
import { discountColumns, freeLines, insertLines } from './invoice-line.ts';
import { recompute } from './invoice-sums.ts';
import { type TimeOnLines, timeOnLines } from './invoice-time.ts';

type Content = z.output<z.ZodObject<typeof contentInput>>;
type Fields = z.output<z.ZodObject<typeof draftFields>>;

/** What a draft is made from. */
export interface NewDraft extends Content, Fields {
  readonly client_id: Id<'cli'>;
  readonly currency?: string | undefined;
  readonly kind?: InvoiceKind;
  readonly corrects?: Id<'inv'> | null;
  readonly tax_ids?: readonly string[] | undefined;
  readonly recurring?: { readonly id: Id<'rec'>; readonly period: Temporal.PlainDate };
  /** A draft without lines is made all the same: whoever fills it says so. */
  readonly mayBeEmpty?: boolean;
}

interface DraftContext {
  readonly id: Id<'inv'>;
  readonly client: Id<'cli'>;
  readonly currency: string;
  readonly language: 'en' | 'de' | 'fr';
  readonly taxes: readonly string[];
  readonly sign: bigint;
}

const noTime: TimeOnLines = { lines: [], claims: [], excluded: [] };

/** Puts time, expenses and free lines at the end of a draft, claims what is claimed, and computes it anew. */
export const addContent = async (
  call: Call,
  draft: DraftContext,
  { from_time, expense_ids, lines }: Content,
): Promise<TimeOnLines & { added: number }> => {
  const time = from_time === undefined ? noTime : await timeOnLines(call, draft, from_time);
  const expenses =
    expense_ids === undefined ? [] : await expenseLines(call, draft, expense_ids as Id<'exp'>[]);
  const free = lines === undefined ? [] : await freeLines(call, lines, draft);
  const all = [...time.lines, ...expenses.map(({ line }) => line), ...free];
  await insertLines(call, draft.id, all);
  await claimTime(call, draft.id, time.claims);
  await claimExpenses(call, draft.id, expenses);
  if (from_time !== undefined) await keepPeriod(call, draft.id, from_time);
  await recompute(call.tx, draft.id);
  return { ...time, added: all.length };
};

/** Makes a draft with what goes on it. Refuses `nothing_to_invoice` where that is nothing. */
export const makeDraft = async (call: Call, given: NewDraft): Promise<{ id: Id<'inv'> } & TimeOnLines> => {
  const { tx, actor, now } = call;
  const { name: _, ...open } = await openClient(call, given.client_id);
  const client = await tx
    .selectFrom('clients')
    .select(['language', 'payment_terms_days', 'default_tax_id', 'buyer_reference'])
    .where('id', '=', open.id)
    .executeTakeFirstOrThrow();
  const settings = await invoiceSettings(tx);
  const currency = given.currency ?? open.currency;
  const issued =
    given.issue_date === undefined ? workspaceToday(call) : Temporal.PlainDate.from(given.issue_date);
  const due = dueDateOf(issued, given, client.payment_terms_days ?? settings.terms_days);
  const known = /^(en|de|fr)/.exec(client.language ?? '')?.[1] as 'en' | 'de' | 'fr' | undefined;
  const language = given.language ?? known ?? settings.language;
  const sign = given.kind === 'credit_note' ? -1n : 1n;
  const id = newId('inv', now);
  await tx
    .insertInto('invoices')
    .values({
      id,
      kind: given.kind ?? 'invoice',
      corrects_invoice_id: given.corrects ?? null,
      client_id: open.id,
      currency,
      issue_date: issued,
      due_date: due,
      language,
      prices_include_tax: given.prices_include_tax ?? settings.prices_include_tax,
      ...discountColumns(given.discount, currency, { sign }),
      purchase_order: given.purchase_order ?? null,
      buyer_reference: given.buyer_reference === undefined ? client.buyer_reference : given.buyer_reference,
      notes: given.notes ?? null,
      cash_rounding_minor: cashRounding(settings, actor.workspace, currency),
      recurring_id: given.recurring?.id ?? null,
      recurring_period: given.recurring?.period ?? null,
      created_by: actor.membership.id,
    })
    .execute();
  await checkTaxes(tx, [{ ids: given.tax_ids ?? [], field: 'tax_ids' }]);
  const taxes = given.tax_ids ?? (await usualTaxes(tx, client, settings));
  const time = await addContent(call, { id, client: open.id, currency, language, taxes, sign }, given);
  if (time.added === 0 && given.mayBeEmpty !== true) {
    const byReason = Map.groupBy(time.excluded, ({ excluded }) => excluded!);
    throw nothingToInvoice(
      { excluded: [...byReason].map(([reason, entries]) => ({ reason, count: entries.length })) },
      given.from_time === undefined ? 'lines' : 'from_time',
    );
  }
  return { id, ...time };
};
