import fc from 'fast-check';
import { expect, test } from 'vitest';
import { positionsBetween } from './position.ts';

const byCode = (a: string, b: string) => (a < b ? -1 : 1);

test('positions are in order, between their neighbours, wherever they are put', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 4 }),
      (places, count) => {
        const keys: string[] = [];
        for (const place of places) {
          const at = place % (keys.length + 1);
          keys.splice(at, 0, ...positionsBetween(keys[at - 1] ?? null, keys[at] ?? null, count));
        }
        expect(keys).toEqual([...keys].sort(byCode));
        expect(new Set(keys).size).toBe(keys.length);
      },
    ),
    { numRuns: 30 },
  );
});

test('two insertions at the same place at the same moment get different positions', () => {
  const [low] = positionsBetween(null, null, 1);
  const keys = Array.from({ length: 100 }, () => positionsBetween(low!, null, 1)[0]);
  expect(new Set(keys).size).toBe(100);
});

test('positions stay short after a thousand insertions at the end', () => {
  let last: string | null = null;
  for (let index = 0; index < 1000; index += 1) [last = null] = positionsBetween(last, null, 1);
  expect(last!.length).toBeLessThan(16);
});
