import { z } from 'zod';
import { allocate } from './allocate.ts';

/** How billed time is rounded; what was worked is never changed. Kept and shown as it is. */
export const roundingPolicy = z
  .strictObject({
    mode: z.enum(['none', 'up', 'down', 'nearest']).describe('Direction.'),
    increment_seconds: z
      .number()
      .int()
      .min(1)
      .max(86_400)
      .describe('Step, like 900 for a quarter of an hour.'),
    min_seconds: z.number().int().min(0).max(86_400).optional().describe('At least this much.'),
    grace_seconds: z.number().int().min(0).max(86_400).optional().describe('Ignored before rounding up.'),
    scope: z.enum(['entry', 'day', 'line']).default('entry').describe('What is rounded.'),
  })
  .describe('Rounding of billed time.');

/** A policy with everything filled in that has a default. */
export type RoundingPolicy = z.output<typeof roundingPolicy>;

/**
 * The seconds to bill for seconds worked: whole steps, unless the mode is none.
 *
 * `up` goes to the next step, except that an overrun of at most `grace_seconds` is dropped (only then is less billed than was worked,
 * and by no more than the grace); `down` to the step before; `nearest` to the nearer one, the later when both are as near. No work is
 * billed as less than `min_seconds`, themselves rounded up to whole steps, and where there was no work none is billed. Rounding what
 * was rounded changes nothing.
 */
export const roundSeconds = (raw: number, policy: RoundingPolicy): number =>
  raw === 0 ? 0 : Math.max(toStep(raw, policy), leastBilled(policy));

const leastBilled = ({ mode, increment_seconds: step, min_seconds: least = 0 }: RoundingPolicy): number =>
  mode === 'none' ? least : Math.ceil(least / step) * step;

const toStep = (
  raw: number,
  { mode, increment_seconds: step, grace_seconds: grace = 0 }: RoundingPolicy,
): number => {
  const overrun = raw % step;
  if (mode === 'none' || overrun === 0) return raw;
  const goesUp = mode === 'up' ? overrun > grace : mode === 'nearest' && 2 * overrun >= step;
  return raw - overrun + (goesUp ? step : 0);
};

/** Work to bill: `day` is its local date, `group` what it is billed under on that day (its project or task). */
export interface WorkedTime {
  readonly id: string;
  readonly seconds: number;
  readonly day: string;
  readonly group: string;
}

/**
 * The seconds to bill for each entry of one line. Where the policy rounds sums (of a day and group, or of the line), what rounding
 * adds or takes is given to the entries by largest remainder, so that they sum to the rounded sum exactly.
 */
export const billedSeconds = (
  entries: readonly WorkedTime[],
  policy: RoundingPolicy,
): Map<string, number> => {
  const together = Map.groupBy(entries, ({ id, day, group }) => {
    if (policy.scope === 'entry') return id;
    return policy.scope === 'day' ? JSON.stringify([day, group]) : '';
  });
  const billed = [...together.values()].flatMap((members) => {
    const raw = members.map(({ seconds }) => BigInt(seconds));
    const sum = members.reduce((total, { seconds }) => total + seconds, 0);
    const shares = allocate(BigInt(roundSeconds(sum, policy)), raw);
    return members.map(({ id }, index) => [id, Number(shares[index])] as const);
  });
  const shareOf = new Map(billed);
  return new Map(entries.map(({ id }) => [id, shareOf.get(id)!]));
};
