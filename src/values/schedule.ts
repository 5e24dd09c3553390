import { z } from 'zod';

export const weekdays = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'] as const;

/** When something comes round again. Kept and shown as it is. */
export const schedule = z
  .strictObject({
    freq: z.enum(['weekly', 'monthly', 'yearly']).describe('How often.'),
    interval: z
      .number()
      .int()
      .min(1)
      .max(24)
      .default(1)
      .describe('Every so many: 3 with monthly is a quarter.'),
    by_day: z.enum(weekdays).optional().describe('Weekday, with weekly.'),
    day_of_month: z
      .number()
      .int()
      .min(1)
      .max(31)
      .optional()
      .describe('Day, with monthly or yearly; shorter months end before it.'),
    last_day: z.boolean().optional().describe('true: the last day of the month.'),
  })
  .refine(({ freq, by_day }) => by_day === undefined || freq === 'weekly', {
    error: 'by_day is for freq weekly; monthly and yearly take day_of_month or last_day',
  })
  .refine(
    ({ freq, day_of_month, last_day }) => freq !== 'weekly' || (day_of_month ?? last_day) === undefined,
    {
      error: 'day_of_month and last_day are for freq monthly and yearly; weekly takes by_day',
    },
  )
  .refine(({ day_of_month, last_day }) => day_of_month === undefined || last_day !== true, {
    error: 'takes day_of_month or last_day, one of them',
  })
  .describe('When it comes round.');
export type Schedule = z.output<typeof schedule>;

/** The day of the nth round, counted from the week, month or year of the start; the first may lie before the start. */
const roundOf = (rule: Schedule, start: Temporal.PlainDate, nth: number): Temporal.PlainDate => {
  const steps = nth * rule.interval;
  if (rule.freq === 'weekly') {
    const wanted = rule.by_day === undefined ? start.dayOfWeek : weekdays.indexOf(rule.by_day) + 1;
    return start.add({ days: ((wanted - start.dayOfWeek + 7) % 7) + 7 * steps });
  }
  const month = start.toPlainYearMonth().add(rule.freq === 'monthly' ? { months: steps } : { years: steps });
  const day = rule.last_day === true ? month.daysInMonth : (rule.day_of_month ?? start.day);
  return month.toPlainDate({ day: Math.min(day, month.daysInMonth) });
};

/**
 * The first day of a schedule that is not before its start and, where given, after another day. Always counted from the start, never
 * from the day before: a month that is too short for the 31st does not make the next one shorter.
 */
export const nextOn = (
  rule: Schedule,
  start: Temporal.PlainDate,
  after: Temporal.PlainDate | null = null,
): Temporal.PlainDate => {
  const late = (day: Temporal.PlainDate) =>
    Temporal.PlainDate.compare(day, start) >= 0 &&
    (after === null || Temporal.PlainDate.compare(day, after) > 0);
  const days = { weekly: 7, monthly: 28, yearly: 365 }[rule.freq] * rule.interval;
  const passed = after === null ? 0 : Math.max(0, start.until(after).days);
  // As many rounds as have surely passed, in the longest weeks, months and years there are; a few more steps find the day.
  const longest = { weekly: 7, monthly: 31, yearly: 366 }[rule.freq] * rule.interval;
  let nth = Math.max(0, Math.floor(passed / longest) - 1);
  for (const most = nth + Math.ceil(passed / days) + 3; nth <= most; nth += 1) {
    const day = roundOf(rule, start, nth);
    if (late(day)) return day;
  }
  throw new Error('a schedule always has another day');
};

/** The next days of a schedule, `count` of them, none after `end`. */
export const nextDates = (
  rule: Schedule,
  start: Temporal.PlainDate,
  { from, end, count }: { from: Temporal.PlainDate; end: Temporal.PlainDate | null; count: number },
): Temporal.PlainDate[] => {
  const dates: Temporal.PlainDate[] = [];
  for (let day = from; dates.length < count; day = nextOn(rule, start, day)) {
    if (end !== null && Temporal.PlainDate.compare(day, end) > 0) break;
    dates.push(day);
  }
  return dates;
};
