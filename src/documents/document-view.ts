import { epcPayload } from './epc-code.ts';
import { type Formats, formatsOf, groupedIban, isNotZero } from './formats.ts';
import type { InvoiceDocument, Party } from './invoice-document.ts';
import { lineTable, type LineTable } from './line-table.ts';
import { totalsOf, untaxedStatements, type TotalsRow } from './totals.ts';
import { type Words, wordsOf } from './words.ts';

/** A word and what belongs to it. */
export interface Fact {
  label: string;
  value: string;
}

/** How to pay, or what was paid. `code` is the payload of the QR code. */
export interface Settlement {
  sentence: string | null;
  facts: readonly Fact[];
  note: string | null;
  code: string | null;
}

/** A document in words, ready to be set: what the PDF and the HTML page have in common. All text is as it is read, and unescaped. */
export interface DocumentView {
  words: Words;
  language: string;
  /** "Invoice 2026-0041". */
  title: string;
  /** "Invoice", "Payment reminder". */
  kind: string;
  draft: string | null;
  facts: readonly Fact[];
  /** The sender in one line, for the window of the envelope. */
  sender: string;
  recipient: readonly string[];
  table: LineTable;
  totals: readonly TotalsRow[];
  statements: readonly string[];
  settlement: Settlement | null;
  notes: string | null;
  footer: string | null;
  /** Who the supplier is, in columns for the foot of the page. */
  imprint: readonly (readonly string[])[];
}

/** A document in words. */
export const viewOf = (document: InvoiceDocument): DocumentView => {
  const words = wordsOf[document.language];
  const formats = formatsOf(words, document.currency);
  const { supplier, customer } = document;
  const kind = words.kinds[document.kind];
  const abroad = customer.country !== null && customer.country !== supplier.country ? customer.country : null;
  return {
    words,
    language: document.language,
    title: `${kind} ${document.number ?? `(${words.draft})`}`,
    kind,
    draft: document.number === null ? words.draft : null,
    facts: factsOf(document, words, formats),
    sender: [supplier.name, ...supplier.address].join(' · '),
    recipient: present(customer.name, ...customer.address, abroad && formats.country(abroad)),
    table: lineTable(document, words, formats),
    totals: totalsOf(document, words, formats),
    statements: untaxedStatements(document, words),
    settlement: settlementOf(document, words, formats),
    notes: document.notes,
    footer: document.footer,
    imprint: imprintOf(document, words, formats),
  };
};

const present = (...texts: readonly (string | null)[]): string[] =>
  texts.filter((text): text is string => text !== null && text.trim() !== '');

const factsOf = (document: InvoiceDocument, words: Words, formats: Formats): Fact[] => {
  const { kind, number, period, corrects } = document;
  const facts: readonly (readonly [string, string | null])[] = [
    [words.numbers[kind], number ?? words.draft],
    [words.issued[kind], formats.date(document.issued_on)],
    [words.period, period && formats.dates(period.from, period.to)],
    [
      words.due,
      kind === 'receipt' || kind === 'credit_note' ? null : document.due_on && formats.date(document.due_on),
    ],
    [words.corrects, corrects && `${corrects.number}, ${formats.date(corrects.issued_on)}`],
    [words.paidOn, document.receipt && formats.date(document.receipt.paid_on)],
    [words.order, document.purchase_order],
    [words.reference, document.buyer_reference],
    [words.yourTaxId, document.customer.tax_id],
  ];
  return facts.flatMap(([label, value]) => (value === null || value === '' ? [] : [{ label, value }]));
};

const settlementOf = (document: InvoiceDocument, words: Words, formats: Formats): Settlement | null => {
  const { kind, payment, receipt, payable, due_on } = document;
  const facts: (readonly [string, string | null | undefined])[] = [];
  let sentence: string | null = null;
  if (receipt !== null) {
    sentence = words.received(formats.money(receipt.amount), formats.date(receipt.paid_on));
    facts.push([words.method, receipt.method], [words.paymentReference, receipt.reference]);
    return { sentence, facts: filled(facts), note: null, code: null };
  }
  const open = isNotZero(payable) && !payable.startsWith('-');
  const due = due_on && formats.date(due_on);
  if (kind === 'credit_note') {
    sentence = isNotZero(payable) ? words.credited(formats.money(payable.replace(/^-/, ''))) : null;
    return sentence === null ? null : { sentence, facts: [], note: payment?.note ?? null, code: null };
  }
  if (open && kind === 'invoice') sentence = words.payBy(formats.money(payable), due);
  if (open && kind === 'reminder') sentence = words.overdueSince(formats.money(payable), due);
  if (open && payment !== null) {
    facts.push(
      [words.holder, payment.iban === null ? null : (payment.account_holder ?? document.supplier.name)],
      ['IBAN', payment.iban && groupedIban(payment.iban)],
      ['BIC', payment.bic],
      [words.bank, payment.bank_name],
      [words.paymentReference, payment.reference],
    );
  }
  if (sentence === null && payment?.note == null) return null;
  return { sentence, facts: filled(facts), note: payment?.note ?? null, code: epcPayload(document) };
};

const filled = (facts: readonly (readonly [string, string | null | undefined])[]): Fact[] =>
  facts.flatMap(([label, value]) => (value == null || value === '' ? [] : [{ label, value }]));

/** Letters before the digits are how the tax numbers of the EU's VAT directive begin. */
const taxLabel = (taxId: string, words: Words): string =>
  /^[A-Z]{2}/.test(taxId) ? words.vatId : words.taxNumber;

const imprintOf = ({ supplier, payment }: InvoiceDocument, words: Words, formats: Formats): string[][] => {
  const place = supplier.country && formats.country(supplier.country);
  const { email, phone, website, tax_id, registration }: Party = supplier;
  return [
    present(supplier.name, ...supplier.address, place),
    present(phone, email, website),
    present(tax_id && `${taxLabel(tax_id, words)} ${tax_id}`, registration),
    present(
      payment?.bank_name ?? null,
      payment?.iban ? groupedIban(payment.iban) : null,
      payment?.bic ? `BIC ${payment.bic}` : null,
    ),
  ].filter((column) => column.length > 0);
};
