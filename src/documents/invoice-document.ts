/** A logo as it is kept with the workspace: the bytes of a PNG or JPEG in base64. */
export interface Logo {
  mime: 'image/png' | 'image/jpeg';
  base64: string;
}

/** Who sends or gets a document. `address` is in the order of an envelope, without name and country; `country` is ISO 3166 alpha-2. */
export interface Party {
  name: string;
  address: readonly string[];
  country: string | null;
  tax_id: string | null;
  registration: string | null;
  email: string | null;
  phone: string | null;
  website: string | null;
}

/** One line of the table. `taxes` are labels as they are read, like "19 %". */
export interface DocumentLine {
  description: string;
  details: string | null;
  /** Decimal text, like "12.50". */
  quantity: string;
  unit: 'hour' | 'day' | 'piece' | 'km' | null;
  unit_price: string;
  discount: string | null;
  taxes: readonly string[];
  amount: string;
}

/** A signed amount with the words before it. */
export interface LabelledAmount {
  label: string;
  amount: string;
}

/** One tax as it is summed up below the lines. `category` is the EN 16931 code: S, Z, E, AE, K, G, O, L, M. */
export interface TaxGroup {
  name: string;
  percent: string;
  category: string;
  taxable: string;
  tax: string;
  exemption_reason: string | null;
}

/** How the customer pays. `reference` is what they write on the transfer. */
export interface PaymentDetails {
  iban: string | null;
  bic: string | null;
  bank_name: string | null;
  account_holder: string | null;
  note: string | null;
  reference: string;
}

/**
 * Everything that stands on an invoice, credit note, receipt or reminder, and nothing else: what is rendered is decided
 * before, so a document that was sent can be made again without the database.
 *
 * Amounts are decimal text in `currency`, dates ISO 8601 (2026-10-31), percents decimal text ("19", "5.5"), languages those of the labels.
 */
export interface InvoiceDocument {
  kind: 'invoice' | 'credit_note' | 'receipt' | 'reminder';
  language: 'en' | 'de' | 'fr';
  currency: string;
  /** Null: a draft, marked as such on the page. */
  number: string | null;
  issued_on: string;
  due_on: string | null;
  period: { from: string; to: string } | null;
  /** What a credit note corrects. */
  corrects: { number: string; issued_on: string } | null;
  supplier: Party;
  customer: Party;
  purchase_order: string | null;
  buyer_reference: string | null;
  prices_include_tax: boolean;
  lines: readonly DocumentLine[];
  subtotal: string;
  /** Document discount, surcharges; signed. */
  adjustments: readonly LabelledAmount[];
  net: string;
  tax_groups: readonly TaxGroup[];
  rounding: string | null;
  total: string;
  withholding: readonly { name: string; percent: string; amount: string }[];
  /** Deposit, payments, credits, late fees; signed. */
  deductions: readonly LabelledAmount[];
  payable: string;
  payment: PaymentDetails | null;
  receipt: { paid_on: string; method: string | null; amount: string; reference: string | null } | null;
  notes: string | null;
  footer: string | null;
  logo: Logo | null;
  /** #rrggbb, or null for the house's own. */
  accent_color: string | null;
}
