import type { DocumentLine, InvoiceDocument, Party } from '#documents/invoice-document.ts';

const nobody: Party = {
  name: '',
  address: [],
  country: null,
  tax_id: null,
  registration: null,
  email: null,
  phone: null,
  website: null,
};

/** A small German office. */
export const officeBerlin: Party = {
  name: 'Studio Lindqvist GmbH',
  address: ['Köpenicker Straße 154a', '10997 Berlin'],
  country: 'DE',
  tax_id: 'DE814584193',
  registration: 'HRB 221345 B, AG Charlottenburg',
  email: 'rechnung@lindqvist.example',
  phone: '+49 30 5557 0142',
  website: 'lindqvist.example',
};

/** Somebody with a name and an address, and nothing else. */
export const party = (
  name: string,
  address: readonly string[],
  country: string,
  rest: Partial<Party> = {},
): Party => ({
  ...nobody,
  name,
  address,
  country,
  ...rest,
});

const works = [
  'Concept workshop with the editorial team',
  'Information architecture and navigation model',
  'Interface design: article page, topic page, search',
  'Accessibility review (WCAG 2.2 AA) with report',
  'Front-end build: design system and templates',
  'Migration of 2,300 articles from the old system',
  'Travel to the kick-off in Lyon',
] as const;

/** A line of the table; every amount is what a person would write. */
export const line = (index: number, changes: Partial<DocumentLine> = {}): DocumentLine => ({
  description: works[index % works.length] ?? '',
  details: index % 3 === 0 ? '5 to 16 October 2026, Mara and Teo' : null,
  quantity: ['7.50', '12.00', '31.25', '4.00', '1.00'][index % 5] ?? '1',
  unit: (['hour', 'hour', 'hour', 'day', 'piece'] as const)[index % 5] ?? null,
  unit_price: ['95.00', '95.00', '110.00', '760.00', '1250.00'][index % 5] ?? '0',
  discount: null,
  taxes: ['19 %'],
  amount: ['712.50', '1140.00', '3437.50', '3040.00', '1250.00'][index % 5] ?? '0',
  ...changes,
});

/** Several lines. */
export const lines = (count: number, changes: Partial<DocumentLine> = {}): DocumentLine[] =>
  Array.from({ length: count }, (_, index) => line(index, changes));

/** An invoice in euros with five lines, as most are; what a test is about is changed. */
export const sampleInvoice = (changes: Partial<InvoiceDocument> = {}): InvoiceDocument => ({
  kind: 'invoice',
  language: 'en',
  currency: 'EUR',
  number: '2026-0041',
  issued_on: '2026-10-31',
  due_on: '2026-11-14',
  period: { from: '2026-10-01', to: '2026-10-31' },
  corrects: null,
  supplier: officeBerlin,
  customer: party(
    'Nordlicht Verlag AG',
    ['Frau Dr. Søndergård', 'Große Elbstraße 68', '22767 Hamburg'],
    'DE',
    {
      tax_id: 'DE129274202',
    },
  ),
  purchase_order: 'PO-7731',
  buyer_reference: null,
  prices_include_tax: false,
  lines: lines(5),
  subtotal: '9580.00',
  adjustments: [],
  net: '9580.00',
  tax_groups: [
    { name: 'VAT', percent: '19', category: 'S', taxable: '9580.00', tax: '1820.20', exemption_reason: null },
  ],
  rounding: null,
  total: '11400.20',
  withholding: [],
  deductions: [],
  payable: '11400.20',
  payment: {
    iban: 'DE89370400440532013000',
    bic: 'COBADEFFXXX',
    bank_name: 'Commerzbank',
    account_holder: null,
    note: null,
    reference: '2026-0041',
  },
  receipt: null,
  notes:
    'Thank you for a month of good work together. The next milestone is the launch of the topic pages on 1 December.',
  footer: null,
  logo: null,
  accent_color: null,
  ...changes,
});
