import { expect, test } from 'vitest';
import { isCountry, languageTag } from './country.ts';

test.each(['DE', 'US', 'XK', 'AX', 'TL', 'BQ', 'SS'])('%s is a country', (code) => {
  expect(isCountry(code)).toBe(true);
});
test.each(['XX', 'EU', 'UK', 'ZZ', 'SU', 'DD', 'QO', 'de', '1A', 'DEU', ''])('%s is none', (code) => {
  expect(isCountry(code)).toBe(false);
});
test('there are as many countries as ISO 3166-1 has, and Kosovo', () => {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  const codes = letters.flatMap((first) => letters.map((second) => `${first}${second}`));
  expect(codes.filter(isCountry)).toHaveLength(250);
});

test.each([
  ['de', 'de'],
  ['pt-br', 'pt-BR'],
  ['zh-hant', 'zh-Hant'],
  ['gsw', 'gsw'],
])('%s is the language %s', (text, tag) => {
  expect(languageTag(text)).toBe(tag);
});
test.each(['xx', 'xx-QQ', 'de-QQ', 'german', '', 'de_DE', 'de-x', 'i-klingon'])('%s is none', (text) => {
  expect(languageTag(text)).toBe(null);
});
