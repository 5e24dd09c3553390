import type { InvoiceDocument } from '#documents/invoice-document.ts';
import { documentOf } from '#features/invoices/invoice-document.ts';
import type { InvoiceRow } from '#features/invoices/invoice-view.ts';
import type { Call } from '#operation/call.ts';
import { formatAmount } from '#values/money.ts';

const words = {
  en: { paid: 'Paid', credited: 'Credited', writtenOff: 'Waived', lateFees: 'Late fee' },
  de: { paid: 'Bezahlt', credited: 'Gutgeschrieben', writtenOff: 'Erlassen', lateFees: 'Verzugskosten' },
  fr: { paid: 'Payé', credited: 'Crédité', writtenOff: 'Remis', lateFees: 'Frais de retard' },
} as const;

/** The document of an issued invoice as a letter about it: with what has been paid and credited since, and what is still owed. */
export const letterAbout = async (
  { tx }: Call,
  row: InvoiceRow,
  kind: 'reminder' | 'receipt',
  receipt: InvoiceDocument['receipt'] = null,
): Promise<InvoiceDocument> => {
  const document = await documentOf(tx, row);
  const { paid, credited, writtenOff, lateFees } = words[row.language];
  const amount = (minor: bigint) => formatAmount(minor, row.currency);
  const since = [
    { label: lateFees, minor: row.late_fees_minor },
    { label: paid, minor: -row.paid_minor },
    { label: credited, minor: -row.credited_minor },
    { label: writtenOff, minor: -row.written_off_minor },
  ];
  return {
    ...document,
    kind,
    deductions: [
      ...document.deductions,
      ...since.flatMap(({ label, minor }) => (minor === 0n ? [] : [{ label, amount: amount(minor) }])),
    ],
    payable: amount(row.balance_minor),
    receipt,
  };
};
