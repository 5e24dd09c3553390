import { z } from 'zod';

// What the runtime's own list of regions has beside countries: groups of them, parts of them, and places that stand for none.
const noCountries = new Set('AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ'.split(' '));

/** Made when first asked for: reading the names takes as long as some fifty of our files. */
const namesOf = (type: 'region' | 'language') => {
  let names: Intl.DisplayNames | undefined;
  return (code: string) => (names ??= new Intl.DisplayNames('en', { type, fallback: 'none' })).of(code);
};
const regionName = namesOf('region');
const languageName = namesOf('language');

/** Whether these two capitals are the code of a country (ISO 3166-1, and XK, which trade uses for Kosovo); codes of former ones are not. */
export const isCountry = (code: string): boolean =>
  /^[A-Z]{2}$/.test(code) &&
  !noCountries.has(code) &&
  regionName(code) !== undefined &&
  new Intl.Locale(`und-${code}`).region === code;

/** A country at the doors, in any case. */
export const countryInput = z
  .string()
  .trim()
  .toUpperCase()
  .refine(isCountry, { error: 'must be the ISO 3166 code of a country, like DE' })
  .describe('ISO 3166 code, like DE.');

/** A language tag as it is written (`pt-BR`), or null where it is none, or of a language or place that nobody knows. */
export const languageTag = (text: string): string | null => {
  try {
    const [tag] = Intl.getCanonicalLocales(text);
    return tag !== undefined && languageName(tag) !== undefined ? tag : null;
  } catch {
    return null;
  }
};
