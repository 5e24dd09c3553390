import { sql } from 'kysely';
import { z } from 'zod';
import { entryId } from '#features/time-entries/time-entry.ts';
import { checkTaxes } from '#features/tax-rates/tax-rate.ts';
import type { Call } from '#operation/call.ts';
import { counted } from '#values/counted.ts';
import { type Id, idSchema } from '#values/id.ts';
import { parseAmount } from '#values/money.ts';
import { parseDecimal, quantityDigits } from '#values/ratio.ts';
import { notFound, validationFailed } from '#values/refusal.ts';
import { keepPeriod } from './invoice-claims.ts';
import { checkProjects, discountColumns, lineFields } from './invoice-line.ts';

const lineId = idSchema('lin');
const { quantity: _quantity, ...otherFields } = lineFields;

/** How the lines of a draft change. */
export const lineChanges = {
  update_lines: z
    .array(
      z.strictObject({
        id: lineId,
        ...z.object(otherFields).partial().shape,
        quantity: lineFields.quantity.unwrap().optional().describe('Not of time: that follows its entries.'),
      }),
    )
    .min(1)
    .max(200)
    .optional()
    .describe('Lines to change; what is left out stays.'),
  remove_line_ids: z
    .array(lineId)
    .min(1)
    .max(200)
    .optional()
    .describe('Lines to take off; their time is unbilled again.'),
  remove_entry_ids: z.array(entryId).min(1).max(500).optional().describe('Time to take off its lines.'),
  line_order: z.array(lineId).min(1).max(500).optional().describe('Lines to put first, in this order.'),
};
type Changes = z.output<z.ZodObject<typeof lineChanges>>;

interface Draft {
  readonly id: Id<'inv'>;
  readonly client_id: Id<'cli'>;
  readonly currency: string;
  readonly kind: 'invoice' | 'credit_note';
}

/** What the lines of these ids bill, by their ids. Refuses ids that are not lines of this draft. */
const kindsOf = async (
  { tx }: Call,
  draft: Draft,
  ids: readonly string[],
  field: string,
): Promise<Map<string, string>> => {
  const wanted = [...new Set(ids)];
  const { rows } = await sql<{ id: string; kind: string }>`select id, kind from invoice_lines
    where invoice_id = ${draft.id} and id = any(${wanted}::text[])`.execute(tx);
  if (rows.length < wanted.length) throw notFound({}, field);
  return new Map(rows.map(({ id, kind }) => [id, kind]));
};

const updateLines = async (call: Call, draft: Draft, given: NonNullable<Changes['update_lines']>) => {
  const { tx } = call;
  const kinds = await kindsOf(
    call,
    draft,
    given.map(({ id }) => id),
    'update_lines',
  );
  await checkTaxes(
    tx,
    given.map(({ tax_ids: ids = [] }, at) => ({ ids, field: `update_lines[${at}].tax_ids` })),
  );
  await checkProjects(
    call,
    draft.client_id,
    given.map(({ project_id: id }, at) => ({ id, field: `update_lines[${at}].project_id` })),
  );
  const sign = draft.kind === 'credit_note' ? -1n : 1n;
  for (const [at, line] of given.entries()) {
    const field = (name: string) => `update_lines[${at}].${name}`;
    if (kinds.get(line.id) === 'time' && (line.quantity ?? line.unit) !== undefined) {
      const message =
        'The quantity of a line of time follows its entries. Take entries off with remove_entry_ids, or change unit_price or discount.';
      throw validationFailed({ message }, field('quantity'));
    }
    const quantity =
      line.quantity === undefined ? null : parseDecimal(line.quantity, quantityDigits, field('quantity'));
    const columns = {
      ...(line.description === undefined ? {} : { description: line.description }),
      ...(line.details === undefined ? {} : { details: line.details }),
      ...(quantity === null ? {} : { quantity_num: sign * quantity.num, quantity_den: quantity.den }),
      ...(line.unit === undefined ? {} : { unit: line.unit }),
      ...(line.unit_price === undefined
        ? {}
        : { unit_price_minor: parseAmount(line.unit_price, draft.currency, field('unit_price')) }),
      ...(line.discount === undefined
        ? {}
        : discountColumns(line.discount, draft.currency, { sign, field: field('discount') })),
      ...(line.tax_ids === undefined ? {} : { tax_code_ids: [...line.tax_ids] }),
      ...(line.project_id === undefined ? {} : { project_id: line.project_id }),
    };
    if (Object.keys(columns).length > 0) {
      await tx.updateTable('invoice_lines').set(columns).where('id', '=', line.id).execute();
    }
  }
};

/** Takes time off its lines; a line without time goes. What is billed of the rest stays as it was. */
const removeEntries = async ({ tx }: Call, draft: Draft, ids: readonly Id<'ten'>[]) => {
  const wanted = [...new Set(ids)];
  const { rows } = await sql<{ line: Id<'lin'> }>`delete from invoice_line_entries
    where invoice_id = ${draft.id} and active and entry_id = any(${wanted}::text[]) returning invoice_line_id as line`.execute(
    tx,
  );
  if (rows.length < wanted.length) {
    const message = `${counted(wanted.length - rows.length, 'entry is', 'entries are')} not on this invoice. invoices.get with include ["entries"] names those that are.`;
    throw validationFailed({ message }, 'remove_entry_ids');
  }
  const lines = [...new Set(rows.map(({ line }) => line))];
  await sql`delete from invoice_lines l where l.id = any(${lines}::text[])
    and not exists (select from invoice_line_entries x where x.invoice_line_id = l.id)`.execute(tx);
  await sql`update invoice_lines l set quantity_num = s.billed, billed_seconds = s.billed, raw_seconds = s.raw
    from (select x.invoice_line_id, sum(x.billed_seconds)::int as billed, sum(e.duration_seconds)::int as raw
      from invoice_line_entries x join time_entries e on e.id = x.entry_id
      where x.invoice_line_id = any(${lines}::text[]) group by 1) s where l.id = s.invoice_line_id`.execute(
    tx,
  );
};

/** Changes the lines of a draft that the caller holds; sums are computed afterwards, by whoever calls. */
export const changeLines = async (call: Call, draft: Draft, changes: Changes): Promise<void> => {
  const { tx } = call;
  const { update_lines, remove_line_ids, remove_entry_ids, line_order } = changes;
  if (remove_line_ids !== undefined) {
    await kindsOf(call, draft, remove_line_ids, 'remove_line_ids');
    await sql`delete from invoice_lines where invoice_id = ${draft.id} and id = any(${remove_line_ids}::text[])`.execute(
      tx,
    );
  }
  if (remove_entry_ids !== undefined) await removeEntries(call, draft, remove_entry_ids);
  if ((remove_line_ids ?? remove_entry_ids) !== undefined) await keepPeriod(call, draft.id);
  if (update_lines !== undefined) await updateLines(call, draft, update_lines);
  if (line_order !== undefined) {
    await kindsOf(call, draft, line_order, 'line_order');
    await sql`update invoice_lines l set position = s.position from (
        select id, row_number() over (order by array_position(${line_order}::text[], id::text) nulls last, position)::int as position
        from invoice_lines where invoice_id = ${draft.id}) s
      where l.id = s.id and l.position <> s.position`.execute(tx);
  }
};
