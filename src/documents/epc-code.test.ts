import { expect, test } from 'vitest';
import { sampleInvoice } from '#testing/sample-documents.ts';
import { epcPayload, qrSquares } from './epc-code.ts';

const payment = sampleInvoice().payment!;

test('the code of an invoice in euros is a SEPA transfer of what is to be paid', () => {
  expect(epcPayload(sampleInvoice())?.split('\n')).toEqual([
    'BCD',
    '002',
    '1',
    'SCT',
    'COBADEFFXXX',
    'Studio Lindqvist GmbH',
    'DE89370400440532013000',
    'EUR11400.20',
    '',
    '',
    '2026-0041',
  ]);
});

test('spaces, small letters and a BIC that is none do not get into it; long texts are cut to what fits', () => {
  const messy = {
    ...payment,
    iban: 'de89 3704 0044 0532 0130 00',
    bic: 'oops',
    account_holder: 'Ö'.repeat(90),
    reference: 'a\nb',
  };
  const rows = epcPayload(sampleInvoice({ payment: messy }))?.split('\n');
  expect(rows?.[4]).toBe('');
  expect(rows?.[5]).toBe('Ö'.repeat(70));
  expect(rows?.[6]).toBe('DE89370400440532013000');
  expect(rows?.[10]).toBe('a b');
});

test.each([
  ['another currency', { currency: 'CHF' }],
  ['a draft', { number: null }],
  ['nothing to pay', { payable: '0.00' }],
  ['money to be given back', { payable: '-5.00' }],
  ['more than a transfer can be', { payable: '1000000000.00' }],
  ['no account', { payment: { ...payment, iban: null } }],
  ['an account that is no IBAN', { payment: { ...payment, iban: '0532013000' } }],
  ['a credit note', { kind: 'credit_note' as const }],
  ['a receipt', { kind: 'receipt' as const }],
  ['no way to pay', { payment: null }],
])('there is none for %s', (_, changes) => {
  expect(epcPayload(sampleInvoice(changes))).toBeNull();
});

test('the squares are square and have the three finders', () => {
  const squares = qrSquares(epcPayload(sampleInvoice())!);
  expect(squares.every((row) => row.length === squares.length)).toBe(true);
  const finder = squares.slice(0, 7).map((row) => row.slice(0, 7).map(Number).join(''));
  expect(finder).toEqual(['1111111', '1000001', '1011101', '1011101', '1011101', '1000001', '1111111']);
});
