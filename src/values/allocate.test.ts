import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocate } from './allocate.ts';

const amounts = fc.bigInt(-(10n ** 12n), 10n ** 12n);
const weights = fc.array(fc.bigInt(-(10n ** 9n), 10n ** 9n), { minLength: 1, maxLength: 12 });
const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);
const size = (value: bigint) => (value < 0n ? -value : value);

test.each([
  ['evenly, the odd cent to the first', 100n, [1n, 1n, 1n], [34n, 33n, 33n]],
  ['to the largest remainders', 100n, [50n, 30n, 21n], [49n, 30n, 21n]],
  ['nothing to who weighs nothing', 7n, [0n, 3n, 0n, 4n], [0n, 3n, 0n, 4n]],
  ['a negative total as the mirror of the positive', -100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
  ['negative weights as positive ones', 100n, [-1n, -1n, -1n], [34n, 33n, 33n]],
  ['weights of both signs', 10n, [300n, -100n], [15n, -5n]],
  ['by size where the weights cancel out', 10n, [100n, -100n], [5n, 5n]],
  ['everything to the first where nothing weighs anything', 10n, [0n, 0n], [10n, 0n]],
  ['nothing among nobody', 0n, [], []],
])('splits %s', (_, total, given, parts) => {
  expect(allocate(total, given)).toEqual(parts);
});

test('will not lose what nobody takes', () => {
  expect(() => allocate(1n, [])).toThrow('nothing to allocate 1 to');
});

describe('whatever the total and the weights', () => {
  test('the parts sum to the total exactly', () => {
    fc.assert(
      fc.property(amounts, weights, (total, given) => {
        const parts = allocate(total, given);
        expect([parts.length, sum(parts)]).toEqual([given.length, total]);
      }),
      { numRuns: 2000 },
    );
  });

  test('each part is less than one unit from its exact share', () => {
    fc.assert(
      fc.property(amounts, weights, (total, given) => {
        const whole = sum(given);
        fc.pre(whole !== 0n);
        for (const [index, part] of allocate(total, given).entries())
          expect(size(part * whole - total * given[index]!) < size(whole)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('the mirror of the total is split into the mirror of the parts, and mirrored weights split alike', () => {
    fc.assert(
      fc.property(amounts, weights, (total, given) => {
        const parts = allocate(total, given);
        expect(allocate(-total, given)).toEqual(parts.map((part) => -part));
        expect(
          allocate(
            total,
            given.map((weight) => -weight),
          ),
        ).toEqual(parts);
      }),
    );
  });

  test('of equal weights no one gets more than one unit more, and never a later one', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 9n),
        fc.bigInt(1n, 10n ** 6n),
        fc.integer({ min: 1, max: 20 }),
        (total, weight, count) => {
          const parts = allocate(
            total,
            Array.from({ length: count }, () => weight),
          );
          expect(parts.toSorted((one, other) => Number(other - one))).toEqual(parts);
          expect(parts[0]! - parts.at(-1)! <= 1n).toBe(true);
        },
      ),
    );
  });
});
