const sizeOf = (value: bigint): bigint => (value < 0n ? -value : value);

const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

/**
 * Splits a whole amount in proportion to weights, by largest remainder: the parts sum to the total exactly, and each is less than
 * one unit away from its exact share. On equal remainders the first wins.
 *
 * Turning the sign of the total turns the sign of every part, and turning the signs of all weights changes nothing, so that what
 * takes an amount back mirrors it. Weights may have both signs (a part may then be larger than the total, or against it). Where they
 * cancel out to zero nothing is proportional: their sizes count then, and where all are zero the first takes everything.
 *
 * Throws where there is something to split and nobody to take it.
 */
export const allocate = (total: bigint, weights: readonly bigint[]): bigint[] => {
  if (total < 0n) return allocate(-total, weights).map((part) => -part);
  const sum = sumOf(weights);
  if (sum < 0n)
    return allocate(
      total,
      weights.map((weight) => -weight),
    );
  if (sum === 0n) return allocateWithoutProportion(total, weights);

  const parts = weights.map((weight, index) => {
    const product = total * weight;
    const remainder = ((product % sum) + sum) % sum;
    return { index, whole: (product - remainder) / sum, remainder };
  });
  const left = Number(total - sumOf(parts.map(({ whole }) => whole)));
  const luckiest = parts
    .toSorted((one, other) =>
      one.remainder === other.remainder ? 0 : one.remainder > other.remainder ? -1 : 1,
    )
    .slice(0, left);
  for (const { index } of luckiest) parts[index]!.whole += 1n;
  return parts.map(({ whole }) => whole);
};

const allocateWithoutProportion = (total: bigint, weights: readonly bigint[]): bigint[] => {
  if (weights.some((weight) => weight !== 0n)) return allocate(total, weights.map(sizeOf));
  if (weights.length === 0 && total !== 0n) throw new Error(`nothing to allocate ${total} to`);
  return weights.map((_, index) => (index === 0 ? total : 0n));
};
