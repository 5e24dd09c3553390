import { exponents } from '#values/money.ts';
import type { Option } from './field.ts';

// The zone of the capital or the largest city, where a country has several.
const mainZones: Record<string, string> = {
  US: 'America/New_York',
  CA: 'America/Toronto',
  MX: 'America/Mexico_City',
  BR: 'America/Sao_Paulo',
  AR: 'America/Buenos_Aires',
  CL: 'America/Santiago',
  EC: 'America/Guayaquil',
  GL: 'America/Godthab',
  AU: 'Australia/Sydney',
  NZ: 'Pacific/Auckland',
  RU: 'Europe/Moscow',
  KZ: 'Asia/Almaty',
  UZ: 'Asia/Tashkent',
  MN: 'Asia/Ulaanbaatar',
  CN: 'Asia/Shanghai',
  ID: 'Asia/Jakarta',
  MY: 'Asia/Kuala_Lumpur',
  DE: 'Europe/Berlin',
  ES: 'Europe/Madrid',
  PT: 'Europe/Lisbon',
  UA: 'Europe/Kiev',
  CY: 'Asia/Nicosia',
};
const euro = new Set(
  'AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK MC SM VA AD ME XK'.split(' '),
);
const currencies: Record<string, string> = {
  US: 'USD',
  GB: 'GBP',
  CH: 'CHF',
  LI: 'CHF',
  SE: 'SEK',
  NO: 'NOK',
  DK: 'DKK',
  PL: 'PLN',
  CZ: 'CZK',
  HU: 'HUF',
  RO: 'RON',
  IS: 'ISK',
  TR: 'TRY',
  UA: 'UAH',
  CA: 'CAD',
  MX: 'MXN',
  BR: 'BRL',
  AR: 'ARS',
  CL: 'CLP',
  CO: 'COP',
  AU: 'AUD',
  NZ: 'NZD',
  JP: 'JPY',
  CN: 'CNY',
  TW: 'TWD',
  HK: 'HKD',
  KR: 'KRW',
  IN: 'INR',
  SG: 'SGD',
  ID: 'IDR',
  MY: 'MYR',
  TH: 'THB',
  PH: 'PHP',
  VN: 'VND',
  IL: 'ILS',
  AE: 'AED',
  SA: 'SAR',
  EG: 'EGP',
  ZA: 'ZAR',
  NG: 'NGN',
  KE: 'KES',
};

/** What to fill into the form of somebody new. */
export interface Guess {
  readonly timezone: string;
  readonly currency: string;
  readonly weekStart: 0 | 1 | 6;
}

// TypeScript's library does not know these two of ECMA-402 yet.
interface LocaleInfo {
  getTimeZones(): string[] | undefined;
  getWeekInfo(): { firstDay: number };
}

/** Guesses from the languages that a browser asks for; a page without scripts cannot know the zone. The person sees and corrects it. */
export const guessPlace = (acceptLanguage: string | undefined): Guess => {
  const tag = acceptLanguage?.split(',')[0]?.split(';')[0]?.trim() ?? '';
  try {
    const locale = new Intl.Locale(tag).maximize();
    const { region = '' } = locale;
    const info = locale as unknown as LocaleInfo;
    const { firstDay } = info.getWeekInfo();
    return {
      timezone: mainZones[region] ?? info.getTimeZones()?.[0] ?? 'UTC',
      currency: currencies[region] ?? (euro.has(region) ? 'EUR' : 'USD'),
      weekStart: firstDay === 7 ? 0 : firstDay === 6 ? 6 : 1,
    };
  } catch {
    return { timezone: 'UTC', currency: 'EUR', weekStart: 1 };
  }
};

const zones: readonly Option[] = [
  'UTC',
  ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC'),
].map((zone) => {
  const [group = '', ...place] = zone.split('/');
  return place.length === 0
    ? { value: zone, label: zone }
    : { value: zone, label: place.join(', ').replaceAll('_', ' '), group };
});
/** Every time zone, by continent; with `current` even where it is an older name. */
export const zoneOptions = (current: string): readonly Option[] =>
  zones.some(({ value }) => value === current) ? zones : [{ value: current, label: current }, ...zones];

const names = new Intl.DisplayNames('en', { type: 'currency' });
/** Every currency that Stint can reckon in, by code. */
export const currencyOptions: readonly Option[] = [...exponents.keys()]
  .sort()
  .map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }));

export const weekOptions: readonly Option[] = [
  { value: '1', label: 'Monday' },
  { value: '0', label: 'Sunday' },
  { value: '6', label: 'Saturday' },
];
/** The day that a week starts on, from a form; null where it is none of the three. */
export const readWeekStart = (text: string): 0 | 1 | 6 | null =>
  text === '0' ? 0 : text === '1' ? 1 : text === '6' ? 6 : null;
