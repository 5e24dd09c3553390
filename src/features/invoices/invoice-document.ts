import type { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import type { DocumentLine, InvoiceDocument, Party } from '#documents/invoice-document.ts';
import type { clientAddress } from '#features/clients/client-view.ts';
import { type InvoiceSettings, invoiceSettings, logoOf } from '#features/settings/settings.ts';
import type { Id } from '#values/id.ts';
import { formatAmount } from '#values/money.ts';
import { formatPercent } from '#values/ratio.ts';
import { type InvoiceRow, linesOf, readableQuantity, taxGroupsOf } from './invoice-view.ts';

type Address = z.output<typeof clientAddress>;

const discountWord = { en: 'Discount', de: 'Rabatt', fr: 'Remise' } as const;

const addressLines = (address: Address | null): string[] => {
  const { line1, line2, postal_code, city, region } = address ?? {};
  const town = [postal_code, city].filter((part) => part !== undefined && part !== '').join(' ');
  return [line1, line2, town, region].filter((line): line is string => line !== undefined && line !== '');
};

const supplierOf = (settings: InvoiceSettings): Party => ({
  name: settings.legal_name,
  address: addressLines(settings.address),
  country: settings.country,
  tax_id: settings.tax_id,
  registration: settings.registration,
  email: settings.email,
  phone: settings.phone,
  website: settings.website,
});

const customerOf = async (tx: Transaction, id: Id<'cli'>): Promise<Party> => {
  const client = await tx
    .selectFrom('clients')
    .select(['name', 'address', 'country', 'tax_id', 'email'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return {
    name: client.name,
    address: addressLines(client.address as Address | null),
    country: client.country,
    tax_id: client.tax_id,
    registration: null,
    email: client.email,
    phone: null,
    website: null,
  };
};

type Lines = Awaited<ReturnType<typeof linesOf>>;
type TaxGroups = Awaited<ReturnType<typeof taxGroupsOf>>;

const documentLines = (lines: Lines, groups: TaxGroups, currency: string): DocumentLine[] => {
  const labels = new Map(
    groups.map(({ tax_code_id, ppm }) => [tax_code_id as string, `${formatPercent(ppm)} %`]),
  );
  return lines.map((line) => ({
    description: line.description,
    details: line.details,
    ...(readableQuantity(line) as Pick<DocumentLine, 'quantity' | 'unit'>),
    unit_price: formatAmount(line.unit_price_minor, currency),
    discount: line.discount_minor === 0n ? null : formatAmount(line.discount_minor, currency),
    taxes: line.tax_code_ids.flatMap((id) => labels.get(id) ?? []),
    amount: formatAmount(line.net_minor, currency),
  }));
};

const adjustmentsOf = (tx: Transaction, id: Id<'inv'>) =>
  tx
    .selectFrom('invoice_adjustments')
    .select(['type', 'amount_minor', 'reason'])
    .where('invoice_id', '=', id)
    .where('reversed_at', 'is', null)
    .where('type', 'in', ['discount', 'surcharge', 'deposit', 'rounding'])
    .orderBy('created_at')
    .orderBy('id')
    .execute();

/**
 * Everything that stands on an invoice. Of a draft as it would be issued now (without a number); of an issued one what was frozen then,
 * with the notes, due date and order number of today.
 */
export const documentOf = async (tx: Transaction, row: InvoiceRow): Promise<InvoiceDocument> => {
  if (row.document !== null) {
    const frozen = row.document as InvoiceDocument;
    const due_on = frozen.due_on === null ? null : row.due_date.toString();
    return { ...frozen, due_on, notes: row.notes, purchase_order: row.purchase_order };
  }
  const { currency, language } = row;
  const amount = (minor: bigint) => formatAmount(minor, currency);
  const [settings, lines, groups, adjustments, customer, corrected] = await Promise.all([
    invoiceSettings(tx),
    linesOf(tx, row.id),
    taxGroupsOf(tx, row.id),
    adjustmentsOf(tx, row.id),
    customerOf(tx, row.client_id),
    row.corrects_invoice_id === null
      ? null
      : tx
          .selectFrom('invoices')
          .select(['number', 'issue_date'])
          .where('id', '=', row.corrects_invoice_id)
          .executeTakeFirstOrThrow(),
  ]);
  const labelled = (types: readonly string[]) =>
    adjustments
      .filter(({ type }) => types.includes(type))
      .map(({ reason, amount_minor }) => ({ label: reason, amount: amount(amount_minor) }));
  const discount =
    row.discount_minor === 0n
      ? []
      : [
          {
            label:
              row.discount_kind === 'percent'
                ? `${discountWord[language]} ${formatPercent(Number(row.discount_value))} %`
                : discountWord[language],
            amount: amount(-row.discount_minor),
          },
        ];
  const isInvoice = row.kind === 'invoice';
  return {
    kind: row.kind,
    language,
    currency,
    number: null,
    issued_on: row.issue_date.toString(),
    due_on: isInvoice ? row.due_date.toString() : null,
    period:
      row.period_from === null || row.period_to === null
        ? null
        : { from: row.period_from.toString(), to: row.period_to.toString() },
    corrects:
      corrected === null
        ? null
        : { number: corrected.number ?? '', issued_on: corrected.issue_date.toString() },
    supplier: supplierOf(settings),
    customer,
    purchase_order: row.purchase_order,
    buyer_reference: row.buyer_reference,
    prices_include_tax: row.prices_include_tax,
    lines: documentLines(lines, groups, currency),
    subtotal: amount(row.subtotal_minor),
    adjustments: [...discount, ...labelled(['discount', 'surcharge'])],
    net: amount(row.net_minor),
    tax_groups: groups
      .filter(({ withholding }) => !withholding)
      .map((group) => ({
        name: group.name,
        percent: formatPercent(group.ppm),
        category: group.category,
        taxable: amount(group.taxable_minor),
        tax: amount(group.tax_minor),
        exemption_reason: group.exemption_reason,
      })),
    rounding: row.rounding_minor === 0n ? null : amount(row.rounding_minor),
    total: amount(row.total_minor),
    withholding: groups
      .filter(({ withholding }) => withholding)
      .map(({ name, ppm, tax_minor }) => ({ name, percent: formatPercent(ppm), amount: amount(tax_minor) })),
    deductions: labelled(['deposit']),
    payable: amount(row.payable_minor),
    payment:
      isInvoice && (settings.iban ?? settings.payment_note ?? settings.bank_name) !== null
        ? {
            iban: settings.iban,
            bic: settings.bic,
            bank_name: settings.bank_name,
            account_holder: settings.account_holder ?? settings.legal_name,
            note: settings.payment_note,
            reference: '',
          }
        : null,
    receipt: null,
    notes: row.notes,
    footer: settings.footer,
    logo: await logoOf(tx, settings),
    accent_color: settings.accent_color,
  };
};
