import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  billedSeconds,
  type RoundingPolicy,
  roundingPolicy,
  roundSeconds,
  type WorkedTime,
} from './rounding.ts';

const seconds = fc.oneof(fc.integer({ min: 0, max: 7200 }), fc.integer({ min: 0, max: 31 * 86_400 }));
const steps = fc.oneof(fc.constantFrom(1, 60, 360, 900, 1800, 3600), fc.integer({ min: 1, max: 86_400 }));
const policies = fc.record(
  {
    mode: fc.constantFrom('none' as const, 'up' as const, 'down' as const, 'nearest' as const),
    increment_seconds: steps,
    scope: fc.constantFrom('entry' as const, 'day' as const, 'line' as const),
    min_seconds: fc.integer({ min: 0, max: 7200 }),
    grace_seconds: fc.integer({ min: 0, max: 1800 }),
  },
  { requiredKeys: ['mode', 'increment_seconds', 'scope'] },
);
const plain = policies.map(({ mode, increment_seconds, scope }) => ({ mode, increment_seconds, scope }));
const upwards = policies.map((policy) => ({ ...policy, mode: 'up' as const, grace_seconds: 0 }));
const worked = fc
  .array(
    fc.record({
      seconds,
      day: fc.constantFrom('2026-10-05', '2026-10-06', '2026-10-07'),
      group: fc.constantFrom('prj_a', 'prj_b'),
    }),
    { maxLength: 20 },
  )
  .map((entries) => entries.map((entry, index): WorkedTime => ({ id: `ten_${index}`, ...entry })));

const sumOf = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);
const numRuns = 2000;

const quarter = { mode: 'up', increment_seconds: 900, scope: 'entry' } as const;

test.each<[string, Partial<RoundingPolicy>, number, number]>([
  ['up: the quarter begun counts', {}, 1, 900],
  ['up: a whole quarter stays', {}, 900, 900],
  ['up: one second more is another quarter', {}, 901, 1800],
  ['up with five minutes of grace: five more are dropped', { grace_seconds: 300 }, 1200, 900],
  ['up with five minutes of grace: a second more than five is not', { grace_seconds: 300 }, 1201, 1800],
  ['down: a quarter begun does not count', { mode: 'down' }, 1799, 900],
  ['nearest: under half goes down', { mode: 'nearest' }, 1349, 900],
  ['nearest: half goes up', { mode: 'nearest' }, 1350, 1800],
  ['nearest, an odd step: more than half goes up', { mode: 'nearest', increment_seconds: 7 }, 11, 14],
  ['none: as worked', { mode: 'none' }, 1234, 1234],
  ['at least half an hour', { min_seconds: 1800 }, 60, 1800],
  ['at least half an hour, also without rounding', { mode: 'none', min_seconds: 1800 }, 60, 1800],
  ['at least ten minutes, where steps are of fifteen, is at least fifteen', { min_seconds: 600 }, 60, 900],
  ['more than the least is rounded', { min_seconds: 600 }, 901, 1800],
  ['never less than the least', { mode: 'down', min_seconds: 900 }, 700, 900],
  ['no work is no work, whatever the least', { min_seconds: 1800 }, 0, 0],
])('%s', (_, policy, raw, billed) => {
  expect(roundSeconds(raw, { ...quarter, ...policy })).toBe(billed);
});

describe('rounding', () => {
  test('gives whole steps, and what was rounded stays as it is', () => {
    fc.assert(
      fc.property(seconds, policies, (raw, policy) => {
        const billed = roundSeconds(raw, policy);
        expect(roundSeconds(billed, policy)).toBe(billed);
        if (policy.mode !== 'none') expect(billed % policy.increment_seconds).toBe(0);
      }),
      { numRuns },
    );
  });

  test('up is never less, down never more, nearest within half a step, and whole steps stay', () => {
    fc.assert(
      fc.property(seconds, plain, (raw, policy) => {
        const billed = roundSeconds(raw, policy);
        if (policy.mode === 'none') expect(billed).toBe(raw);
        if (policy.mode === 'up') expect(billed).toBeGreaterThanOrEqual(raw);
        if (policy.mode === 'down') expect(billed).toBeLessThanOrEqual(raw);
        if (policy.mode === 'nearest')
          expect(2 * Math.abs(billed - raw)).toBeLessThanOrEqual(policy.increment_seconds);
        if (raw % policy.increment_seconds === 0) expect(billed).toBe(raw);
      }),
      { numRuns },
    );
  });

  test('up with a grace is less than worked by no more than the grace', () => {
    fc.assert(
      fc.property(seconds, policies, (raw, policy) => {
        const billed = roundSeconds(raw, { ...policy, mode: 'up' });
        expect(raw - billed).toBeLessThanOrEqual(policy.grace_seconds ?? 0);
      }),
      { numRuns },
    );
  });

  test('bills no work as more than longer work, and all work as the least or more', () => {
    fc.assert(
      fc.property(seconds, seconds, policies, (one, other, policy) => {
        const [shorter, longer] = [Math.min(one, other), Math.max(one, other)];
        expect(roundSeconds(shorter, policy)).toBeLessThanOrEqual(roundSeconds(longer, policy));
        if (one > 0) expect(roundSeconds(one, policy)).toBeGreaterThanOrEqual(policy.min_seconds ?? 0);
      }),
      { numRuns },
    );
  });
});

describe('the entries of a line', () => {
  const monday: readonly WorkedTime[] = [
    { id: 'ten_1', seconds: 600, day: '2026-10-05', group: 'prj_a' },
    { id: 'ten_2', seconds: 600, day: '2026-10-05', group: 'prj_a' },
    { id: 'ten_3', seconds: 100, day: '2026-10-05', group: 'prj_b' },
    { id: 'ten_4', seconds: 100, day: '2026-10-06', group: 'prj_a' },
  ];

  test.each([
    ['entry', [900, 900, 900, 900]],
    ['day', [900, 900, 900, 900]],
    ['line', [771, 771, 129, 129]],
  ] as const)('rounded up to quarters by %s', (scope, billed) => {
    expect([...billedSeconds(monday, { ...quarter, scope }).values()]).toEqual(billed);
  });

  test('share what the day is rounded by in proportion to their time', () => {
    const entries = [1000, 500, 1].map((time, index) => ({
      id: `ten_${index}`,
      seconds: time,
      day: '2026-10-05',
      group: 'prj_a',
    }));
    expect([...billedSeconds(entries, { ...quarter, scope: 'day' }).values()]).toEqual([1199, 600, 1]);
  });

  test('sum to what is rounded, exactly, and none is negative', () => {
    fc.assert(
      fc.property(worked, policies, (entries, policy) => {
        const billed = billedSeconds(entries, policy);
        expect([...billed.keys()]).toEqual(entries.map(({ id }) => id));
        expect(Math.min(0, ...billed.values())).toBe(0);
        const together = Map.groupBy(entries, ({ id, day, group }) =>
          policy.scope === 'entry' ? id : policy.scope === 'day' ? `${day} ${group}` : 'line',
        );
        for (const members of together.values())
          expect(sumOf(members.map(({ id }) => billed.get(id)!))).toBe(
            roundSeconds(sumOf(members.map((entry) => entry.seconds)), policy),
          );
      }),
      { numRuns },
    );
  });

  test('stay as they are when what is billed is rounded again', () => {
    fc.assert(
      fc.property(worked, policies, (entries, policy) => {
        const billed = billedSeconds(entries, policy);
        const again = entries.map((entry) => ({ ...entry, seconds: billed.get(entry.id)! }));
        expect(billedSeconds(again, policy)).toEqual(billed);
      }),
      { numRuns },
    );
  });

  test('rounded up together are never more than rounded up one by one', () => {
    fc.assert(
      fc.property(worked, upwards, (entries, policy) => {
        const by = (scope: RoundingPolicy['scope']) =>
          sumOf(billedSeconds(entries, { ...policy, scope }).values());
        expect(by('line')).toBeLessThanOrEqual(by('day'));
        expect(by('day')).toBeLessThanOrEqual(by('entry'));
      }),
      { numRuns },
    );
  });
});

test('a policy says what is rounded, each entry where it does not say', () => {
  expect(roundingPolicy.parse({ mode: 'up', increment_seconds: 900 }).scope).toBe('entry');
  expect(roundingPolicy.safeParse({ mode: 'up', increment_seconds: 0 }).success).toBe(false);
  expect(roundingPolicy.safeParse({ mode: 'up', increment_seconds: 900, step: 1 }).success).toBe(false);
});
