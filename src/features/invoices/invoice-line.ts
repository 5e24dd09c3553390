import { sql } from 'kysely';
import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import { projectId } from '#features/projects/project.ts';
import { checkTaxes } from '#features/tax-rates/tax-rate.ts';
import { type Id, idSchema, newId } from '#values/id.ts';
import { parseAmount, signedMoneyInput } from '#values/money.ts';
import { parseDecimal, parsePercent, quantityDigits, quantityInput } from '#values/ratio.ts';
import { notFound, validationFailed } from '#values/refusal.ts';
import { discountInput } from './invoice.ts';

export const taxIds = z.array(idSchema('tax')).max(4).describe('Tax codes, from tax_rates.list.');
/** The most lines that one invoice has. */
const mostLines = 2000;

/** What a free line says. In an update null clears. */
export const lineFields = {
  description: z.string().trim().min(1).max(2000).describe('What stands on the line.'),
  details: z.string().trim().max(5000).nullish().describe('What stands below it.'),
  quantity: quantityInput.default('1').describe('How many, like "1.5".'),
  unit: z.enum(['hour', 'day', 'piece', 'km']).nullish().describe('Unit of quantity.'),
  unit_price: signedMoneyInput.describe('Price of one, like "85.00".'),
  discount: discountInput.nullish().describe('Taken off this line.'),
  tax_ids: taxIds.optional().describe('Tax codes; default: the client’s, else the workspace’s.'),
  project_id: projectId.nullish().describe('The project it belongs to.'),
};
export const lineInput = z.strictObject(lineFields);
export type LineInput = z.output<typeof lineInput>;

/** A discount at the doors as the two columns that keep it. `sign` turns it around for credit notes. */
export const discountColumns = (
  given: z.output<typeof discountInput> | null | undefined,
  currency: string,
  { sign = 1n, field = 'discount' }: { sign?: bigint; field?: string } = {},
) => {
  if (given == null) return { discount_kind: null, discount_value: null };
  return given.percent === undefined
    ? { discount_kind: 'amount' as const, discount_value: sign * parseAmount(given.amount!, currency, field) }
    : { discount_kind: 'percent' as const, discount_value: BigInt(parsePercent(given.percent, { field })) };
};

/** Refuses projects that are not there, and those of other clients; what is nobody's project in particular may be billed to anybody. */
export const checkProjects = async (
  { tx }: Call,
  client: Id<'cli'>,
  choices: readonly { id: Id<'prj'> | null | undefined; field: string }[],
): Promise<void> => {
  const wanted = choices.flatMap(({ id }) => id ?? []);
  if (wanted.length === 0) return;
  const rows = await tx
    .selectFrom('projects')
    .select(['id', 'client_id'])
    .where(sql<boolean>`id = any(${wanted}::text[])`)
    .where('deleted_at', 'is', null)
    .execute();
  const clients = new Map<string, string | null>(rows.map((row) => [row.id, row.client_id]));
  for (const { id, field } of choices) {
    if (id == null) continue;
    const its = clients.get(id);
    if (its === undefined) throw notFound({}, field);
    if (its !== null && its !== client) {
      const message = `${field} is a project of another client: ${id}. Choose one of this client, or none; projects.list with client_id shows them.`;
      throw validationFailed({ message }, field);
    }
  }
};

/** A line that is ready to be kept; recompute fills its sums. */
export interface NewLine {
  readonly id: Id<'lin'>;
  readonly kind: 'time' | 'expense' | 'item';
  readonly description: string;
  readonly details: string | null;
  readonly quantity_num: bigint;
  readonly quantity_den: bigint;
  readonly unit: 'hour' | 'second' | 'day' | 'piece' | 'km' | null;
  readonly unit_price_minor: bigint;
  readonly price_base: number;
  readonly discount_kind: 'percent' | 'amount' | null;
  readonly discount_value: bigint | null;
  readonly tax_code_ids: string[];
  readonly raw_seconds: number | null;
  readonly billed_seconds: number | null;
  readonly project_id: Id<'prj'> | null;
  readonly task_id: Id<'tsk'> | null;
  readonly membership_id: Id<'mem'> | null;
}

/** Free lines, checked, as they are kept. `sign` -1 makes them lines of a credit note. */
export const freeLines = async (
  call: Call,
  given: readonly LineInput[],
  {
    client,
    currency,
    taxes,
    sign = 1n,
  }: { client: Id<'cli'>; currency: string; taxes: readonly string[]; sign?: bigint },
): Promise<NewLine[]> => {
  const lines = given.map((line, at): NewLine => {
    const field = (name: string) => `lines[${at}].${name}`;
    const quantity = parseDecimal(line.quantity, quantityDigits, field('quantity'));
    return {
      id: newId('lin', call.now),
      kind: 'item',
      description: line.description,
      details: line.details ?? null,
      quantity_num: sign * quantity.num,
      quantity_den: quantity.den,
      unit: line.unit ?? null,
      unit_price_minor: parseAmount(line.unit_price, currency, field('unit_price')),
      price_base: 1,
      ...discountColumns(line.discount, currency, { sign, field: field('discount') }),
      tax_code_ids: [...(line.tax_ids ?? taxes)],
      raw_seconds: null,
      billed_seconds: null,
      project_id: line.project_id ?? null,
      task_id: null,
      membership_id: null,
    };
  });
  await checkTaxes(
    call.tx,
    given.map(({ tax_ids: ids = [] }, at) => ({ ids, field: `lines[${at}].tax_ids` })),
  );
  await checkProjects(
    call,
    client,
    lines.map(({ project_id: id }, at) => ({ id, field: `lines[${at}].project_id` })),
  );
  return lines;
};

/** Adds lines at the end of a draft. */
export const insertLines = async (
  { tx }: Call,
  invoice: Id<'inv'>,
  lines: readonly NewLine[],
): Promise<void> => {
  const { count, last } = await tx
    .selectFrom('invoice_lines')
    .select([sql<number>`count(*)::int`.as('count'), sql<number>`coalesce(max(position), 0)`.as('last')])
    .where('invoice_id', '=', invoice)
    .executeTakeFirstOrThrow();
  if (count + lines.length > mostLines) {
    const message = `An invoice has at most ${mostLines} lines; this would be ${count + lines.length}. Group the time (group_by project or week), or make several invoices.`;
    throw validationFailed({ message }, 'lines');
  }
  // In parts: a statement has at most 65,535 parameters.
  for (let from = 0; from < lines.length; from += 500) {
    await tx
      .insertInto('invoice_lines')
      .values(
        lines.slice(from, from + 500).map((line, at) => ({
          ...line,
          invoice_id: invoice,
          position: last + from + at + 1,
          gross_minor: 0n,
          net_minor: 0n,
        })),
      )
      .execute();
  }
};
