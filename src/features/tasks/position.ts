import { randomInt } from 'node:crypto';
import { generateKeyBetween } from 'fractional-indexing';

// Enough coin tosses that two people who insert at the same place at the same moment all but never get the same key.
const tosses = 24;

const keyBetween = (low: string | null, high: string | null): string => {
  let key = generateKeyBetween(low, high);
  let [from, to] = [key, high ?? generateKeyBetween(key, null)];
  for (let toss = 0; toss < tosses; toss += 1) {
    key = generateKeyBetween(from, to);
    if (randomInt(2) === 0) from = key;
    else to = key;
  }
  return key;
};

/**
 * `count` order keys between two neighbours (null: the start or the end), in order. They sort by code unit, as the column does
 * with collation "C", and are random within the gap.
 */
export const positionsBetween = (low: string | null, high: string | null, count: number): string[] => {
  const keys: string[] = [];
  for (let made = 0; made < count; made += 1) keys.push(keyBetween(keys.at(-1) ?? low, high));
  return keys;
};
