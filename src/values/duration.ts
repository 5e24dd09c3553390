import { z } from 'zod';

/** The ways a person may have durations written. */
export type DurationFormat = 'h:mm' | 'decimal' | 'text';

/** No single record of time is longer than this many seconds: 31 days. */
export const longestDuration = 31 * 86_400;

const clock = /^(\d{1,4}):([0-5]\d)(?::([0-5]\d))?$/;
const decimal = /^(\d{1,4})[.,](\d{1,6})\s*(?:h|hrs?|hours?)?$/i;
const parts =
  /^(?:(\d{1,4})\s*h(?:(?:ou)?rs?)?)?\s*(?:(\d{1,6})\s*m(?:in(?:ute)?s?)?)?\s*(?:(\d{1,8})\s*s(?:ec(?:ond)?s?)?)?$/i;
const hoursThenMinutes = /^(\d{1,4})\s*h\s*([0-5]?\d)$/i;

/**
 * Reads a duration as whole seconds, with integers only: `1:30`, `1:30:15`, `1h30m`, `1h30`, `90m`, `45s`, `PT1H30M`, and hours as
 * a decimal, `1.5` or `1,5` (`8.20` is 29,520 seconds; more than two decimals are rounded half up to the second, but never to
 * nothing: `0.0001` is refused). A whole number alone is hours, up to 24: beyond that it more likely means minutes, so it is not
 * guessed. Null for anything else, and for more than `longestDuration`.
 */
export const parseDuration = (text: string): number | null => {
  const seconds = readSeconds(text.trim());
  return seconds !== null && seconds <= longestDuration ? seconds : null;
};

const readSeconds = (text: string): number | null => {
  if (/^\d{1,2}$/.test(text)) return Number(text) <= 24 ? Number(text) * 3600 : null;
  const onClock = clock.exec(text);
  if (onClock !== null) {
    const [, hours, minutes, seconds = '0'] = onClock;
    return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  }
  const inHours = decimal.exec(text);
  if (inHours !== null) {
    const [, whole = '', fraction = ''] = inHours;
    const unit = 10n ** BigInt(fraction.length);
    const scaled = BigInt(whole + fraction);
    const seconds = Number((scaled * 3600n * 2n + unit) / (unit * 2n));
    return seconds === 0 && scaled > 0n ? null : seconds;
  }
  const bare = text.replace(/^PT(?=\d)/i, '');
  const inParts = hoursThenMinutes.exec(bare) ?? (bare === '' ? null : parts.exec(bare));
  if (inParts === null) return null;
  const [, hours = '0', minutes = '0', seconds = '0'] = inParts;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
};

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * Writes seconds so that `parseDuration` gives the same back: seconds show in `h:mm` only where there are some, and a decimal has
 * two digits where they are exact, else four (0.36 seconds: enough to find the second again).
 */
export const formatDuration = (seconds: number, format: DurationFormat): string => {
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor((seconds % 3600) / 60),
    seconds % 60,
  ];
  if (format === 'h:mm') return `${hours}:${two(minutes)}${rest === 0 ? '' : `:${two(rest)}`}`;
  if (format === 'text') {
    const named = [
      [hours, 'h'],
      [minutes, 'm'],
      [rest, 's'],
    ] as const;
    return named.flatMap(([value, unit]) => (value === 0 ? [] : [`${value}${unit}`])).join(' ') || '0m';
  }
  const digits = seconds % 36 === 0 ? 2 : 4;
  const scaled = (BigInt(seconds) * 10n ** BigInt(digits) * 2n + 3600n) / 7200n;
  const text = String(scaled).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
};

/** A duration as text at the doors; `parseDuration` reads it. */
export const durationInput = z
  .string()
  .max(30)
  .refine((text) => parseDuration(text) !== null, {
    error:
      'must be a duration like "1:30", "1h30m", "90m" or "1.5" (hours), at least a second and at most 31 days',
  })
  .describe('"1:30", "1h30m", "90m" or hours "1.5".');
