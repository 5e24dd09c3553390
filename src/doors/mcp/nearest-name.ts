/** The words of a name without their order, their ending or what stands between them: `createTag` is `tags.create`. */
const wordsOf = (name: string): string =>
  name
    .slice(0, 100)
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.replace(/(?<=...)(ies|y|s)$/, ''))
    .filter((word) => word !== '' && word !== 'stint')
    .sort()
    .join(' ');

/** How many letters must be put in, left out or changed to make one text the other. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (let at = 1; at <= to.length; at += 1) {
      const same = row[at - 1]! + (to[at - 1] === letter ? 0 : 1);
      next.push(Math.min(same, row[at]! + 1, next[at - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
};

/** The name among `names` that somebody most likely meant, or null where none is near. */
export const nearestName = (given: string, names: readonly string[]): string | null => {
  const words = wordsOf(given);
  const [best] = names
    .map((name) => ({ name, away: distance(words, wordsOf(name)) }))
    .sort((a, b) => a.away - b.away);
  return best !== undefined && best.away <= Math.max(2, words.length / 4) && words !== '' ? best.name : null;
};
