import { randomInt } from 'node:crypto';

/** What the clients read of an invoice. */
export interface Invoice {
  readonly id: string;
  readonly number: string | null;
  readonly kind: string;
  readonly currency: string;
  readonly total: string;
  readonly balance: string;
  readonly lines?: { id: string }[];
}

/** What the clients know of one another's work: they bill the same time, and pay and void the same invoices. */
export interface Known {
  readonly places: readonly { client: string; project: string; entries: string[] }[];
  readonly taxes: readonly string[];
  readonly invoices: Map<string, Invoice>;
  readonly payments: string[];
  readonly adjustments: string[];
}
const oneOf = <Thing>(things: readonly Thing[]): Thing | undefined =>
  things.length === 0 ? undefined : things[randomInt(things.length)];
/** One of the last few: where everybody is; undefined where there is none. */
export const recent = <Thing>(things: readonly Thing[]): Thing | undefined => oneOf(things.slice(-10));
const today = (): string => Temporal.Now.plainDateISO('UTC').toString();

/** An amount of money of up to `most`, in the currency's own decimals. */
const partOf = (most: string, currency: string): string => {
  const decimals = currency === 'JPY' ? 0 : 2;
  const minor = Math.max(1, Math.round(Math.abs(Number(most)) * 10 ** decimals));
  const part = randomInt(3) === 0 ? minor : randomInt(1, minor + 1);
  return (part / 10 ** decimals).toFixed(decimals);
};

/** A call that somebody makes; null where nothing of that kind is there yet. */
export type Todo = readonly [tool: string, input: Record<string, unknown>] | null;
type Choice = (known: Known) => Todo;
const onSome =
  (which: (invoice: Invoice) => boolean, make: (invoice: Invoice) => Todo): Choice =>
  ({ invoices }) => {
    const found = recent([...invoices.values()].filter(which));
    return found === undefined ? null : make(found);
  };
export const isDraft = ({ number }: Invoice) => number === null;
const isIssued = ({ number, kind }: Invoice) => number !== null && kind === 'invoice';
const reason = 'As agreed';
const lines = ({ taxes }: Known) => [
  { description: 'Print', quantity: String(randomInt(1, 9)), unit_price: '12', tax_ids: taxes },
  { description: 'Paper', unit_price: String(randomInt(1, 99)), discount: { percent: '10' } },
];
const record =
  (kind: string, most: (invoice: Invoice) => string, more: object = {}) =>
  (invoice: Invoice): Todo => [
    'invoice_payments_record',
    {
      invoice_id: invoice.id,
      kind,
      amount: partOf(most(invoice), invoice.currency),
      currency: invoice.currency,
      paid_on: today(),
      ...more,
    },
  ];
const adjust =
  (type: string, amount: (invoice: Invoice) => string) =>
  (invoice: Invoice): Todo => [
    'invoice_adjustments_create',
    { invoice_id: invoice.id, type, amount: amount(invoice), reason },
  ];
const some = (invoice: Invoice) => partOf('9', invoice.currency);

/** What is done, and how often of all. To finalize is asked for by name: it takes a look first. */
const choices: readonly (readonly [weight: number, Choice | 'finalize'])[] = [
  [
    14,
    ({ places }) => {
      const { project } = oneOf(places)!;
      const duration_seconds = 60 * randomInt(1, 240);
      return [
        'time_entries_create',
        { project_id: project, date: today(), duration_seconds, description: 'Work' },
      ];
    },
  ],
  [
    10,
    ({ places }) => {
      const { client, entries } = oneOf(places)!;
      const entry_ids = [...new Set(Array.from({ length: randomInt(1, 5) }, () => recent(entries)))];
      return entries.length === 0
        ? null
        : ['invoices_create', { client_id: client, from_time: { entry_ids } }];
    },
  ],
  [
    6,
    (known) => {
      const from_time = { group_by: oneOf(['entry', 'day', 'project', 'person']) };
      const more = randomInt(2) === 0 ? {} : { lines: lines(known) };
      return [
        'invoices_create',
        { client_id: oneOf(known.places)!.client, from_time, tax_ids: known.taxes, ...more },
      ];
    },
  ],
  [6, (known) => ['invoices_create', { client_id: oneOf(known.places)!.client, lines: lines(known) }]],
  [18, 'finalize'],
  [4, onSome(isDraft, ({ id }) => ['invoices_delete', { id }])],
  [
    2,
    onSome(isDraft, ({ id }) => ['invoices_update', { id, notes: 'Thank you', terms_days: randomInt(30) }]),
  ],
  [
    2,
    (known) =>
      onSome(isDraft, ({ id, kind }) =>
        kind === 'invoice' ? ['invoices_update', { id, lines: lines(known) }] : null,
      )(known),
  ],
  [2, onSome(isDraft, adjust('surcharge', some))],
  [
    12,
    onSome(
      isIssued,
      record('payment', ({ balance }) => balance),
    ),
  ],
  [
    4,
    onSome(
      isIssued,
      record('payment', ({ total }) => total, { overpayment: 'client_credit' }),
    ),
  ],
  [
    3,
    onSome(
      isIssued,
      record('credit_applied', ({ balance }) => balance),
    ),
  ],
  [
    3,
    onSome(
      ({ number }) => number !== null,
      record('refund', ({ total }) => total),
    ),
  ],
  [
    4,
    ({ payments }) =>
      payments.length === 0 ? null : ['invoice_payments_delete', { id: recent(payments), reason }],
  ],
  [
    6,
    onSome(
      ({ number }) => number !== null,
      ({ id }) => ['invoices_void', { id, reason }],
    ),
  ],
  [6, onSome(isIssued, ({ id }) => ['invoices_credit', { id, reason }])],
  [
    2,
    onSome(isIssued, ({ id, lines: all = [] }) => {
      const line = oneOf(all);
      return line === undefined ? null : ['invoices_credit', { id, reason, lines: [{ line_id: line.id }] }];
    }),
  ],
  [2, onSome(isIssued, ({ id }) => ['invoices_write_off', { id, reason }])],
  [2, onSome(isIssued, adjust('late_fee', some))],
  [2, onSome(isIssued, adjust('credit', some))],
  [2, onSome(isIssued, adjust('write_off', some))],
  [
    3,
    ({ adjustments }) =>
      adjustments.length === 0 ? null : ['invoice_adjustments_delete', { id: recent(adjustments), reason }],
  ],
  [1, onSome(isIssued, ({ id }) => ['invoices_duplicate', { id }])],
];
const weights = choices.reduce((sum, [weight]) => sum + weight, 0);
/** One of the choices, as often as its weight says. */
export const chosen = (): Choice | 'finalize' => {
  let at = randomInt(weights);
  return choices.find(([weight]) => (at -= weight) < 0)![1];
};
