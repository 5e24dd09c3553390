import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bicInput, ibanInput, isIban } from './iban.ts';

const published = [
  'DE89370400440532013000',
  'GB29NWBK60161331926819',
  'FR1420041010050500013M02606',
  'NO9386011117947',
  'MT84MALT011000012345MTLCAST001S',
];

test.each(published)('%s, an example of the registry, is one', (iban) => {
  expect(isIban(iban)).toBe(true);
});

test('one character wrong, or two swapped, is always found', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...published),
      fc.nat(40),
      fc.integer({ min: 0, max: 9 }),
      (iban, at, digit) => {
        const place = 2 + (at % (iban.length - 2));
        const wrong = `${iban.slice(0, place)}${digit}${iban.slice(place + 1)}`;
        if (wrong !== iban && /\d/.test(iban[place]!)) expect(isIban(wrong)).toBe(false);
        const swapped = `${iban.slice(0, place - 1)}${iban[place]}${iban[place - 1]}${iban.slice(place + 1)}`;
        if (swapped !== iban) expect(isIban(swapped)).toBe(false);
      },
    ),
  );
});

test('spaces and small letters are as people write it', () => {
  expect(ibanInput.parse('de89 3704 0044 0532 0130 00')).toBe('DE89370400440532013000');
  expect(bicInput.parse('cobadeff xxx')).toBe('COBADEFFXXX');
  expect(ibanInput.safeParse('DE00').success).toBe(false);
  expect(bicInput.safeParse('COBADE').success).toBe(false);
});
