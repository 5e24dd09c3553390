import { createRequire } from 'node:module';
import type { Face } from './font-shelf.ts';

/** What is drawn in one go: a text in one face and one direction; without a face it is a box for a character no font has. */
export interface Piece {
  text: string;
  face: Face | null;
  width: number;
}

/** A line with its pieces in the order of the eye, from left to right. */
export interface Line {
  pieces: readonly Piece[];
  width: number;
  /** True in a paragraph that is read from right to left. */
  rightToLeft: boolean;
}

/** What a line breaker has to know of the type: which face a character has, and how wide a text in a face is. */
export interface Type {
  faceOf(cluster: string): Face | null;
  widthOf(text: string, face: Face | null): number;
}

interface Cluster {
  text: string;
  at: number;
  face: Face | null;
  level: number;
}

interface Bidi {
  getEmbeddingLevels(text: string, base: 'auto'): { levels: Uint8Array; paragraphs: { level: number }[] };
  getMirroredCharacter(character: string): string | null;
}
const bidi = (createRequire(import.meta.url)('bidi-js') as () => Bidi)();

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
const plain = /^[\u0020-\u024f\u2010-\u2026\u20ac\u2212]*$/;

/**
 * Text as it can be set. Controls go, among them those that turn the direction of what follows: on an invoice they could only
 * make a figure read as another.
 */
const clean = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll(/[\t\u2000-\u2006\u2008-\u200a\u205f]/g, ' ')
    // The narrow space that must not break, in French figures: Inter has only the one that may, which is of the same width.
    .replaceAll('\u202f', '\u2009')
    .replaceAll(/[[\p{Cc}\p{Cf}\p{Cs}]--[\n\u200c\u200d]]/gv, '');

// After a space or a hyphen; before and after a Chinese, Japanese or Korean character, unless what follows only closes
// or what came before only opens (the usual line-start and line-end prohibitions).
const ideograph =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;
const closing = /^[\p{Pe}\p{Pf}\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff01\uff1f\u3005\u30fc\u30fb,.:;!?%]/u;
const opening = /[\p{Ps}\p{Pi}]$/u;
const hyphen = /[^\s\d][-\u2010\u2013\u2014/]$/u;

const breaksBetween = (before: string, here: Cluster, next: Cluster): boolean => {
  if (next.text === ' ') return false;
  if (here.text === ' ' || here.text === '\u200b') return true;
  if (closing.test(next.text) || opening.test(here.text)) return false;
  if (ideograph.test(here.text) || ideograph.test(next.text)) {
    return !(/\p{Script=Hangul}/u.test(here.text) && /\p{Script=Hangul}/u.test(next.text));
  }
  return hyphen.test(before + here.text);
};

const clustersOf = (paragraph: string, type: Type): Cluster[] => {
  const levels = rightToLeft.test(paragraph) ? bidi.getEmbeddingLevels(paragraph, 'auto').levels : null;
  const parts = plain.test(paragraph)
    ? Array.from(paragraph, (segment, index) => ({ segment, index }))
    : [...graphemes.segment(paragraph)];
  return parts.map(({ segment, index }) => ({
    text: segment,
    at: index,
    face: type.faceOf(segment),
    level: levels?.[index] ?? 0,
  }));
};

/** Clusters side by side that can be drawn at once; a run from right to left ends at its spaces, which shaping would not turn around. */
const runsOf = (clusters: readonly Cluster[]): Cluster[][] => {
  const runs: Cluster[][] = [];
  for (const cluster of clusters) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const joins =
      last?.face === cluster.face &&
      last.level === cluster.level &&
      cluster.face !== null &&
      (cluster.level % 2 === 0 || (last.text !== ' ' && cluster.text !== ' '));
    if (run !== undefined && joins) run.push(cluster);
    else runs.push([cluster]);
  }
  return runs;
};

/** Runs in the order of the eye. @see Unicode Standard Annex 9, rule L2. */
const inOrderOfTheEye = (runs: readonly Cluster[][]): Cluster[][] => {
  const ordered = [...runs];
  const levelOf = (run: readonly Cluster[] | undefined): number => run?.[0]?.level ?? 0;
  const highest = Math.max(0, ...runs.map(levelOf));
  for (let level = highest; level > 0; level -= 1) {
    for (let start = 0; start < ordered.length; start += 1) {
      let end = start;
      while (end < ordered.length && levelOf(ordered[end]) >= level) end += 1;
      if (end > start) ordered.splice(start, end - start, ...ordered.slice(start, end).reverse());
      start = end;
    }
  }
  return ordered;
};

const textOf = (run: readonly Cluster[]): string => {
  const level = run[0]?.level ?? 0;
  if (level % 2 === 0) return run.map(({ text }) => text).join('');
  const mirrored = run.map(({ text }) => bidi.getMirroredCharacter(text) ?? text);
  // What is written from right to left turns around when it is shaped; brackets and dashes alone do not.
  return (rightToLeft.test(mirrored.join('')) ? mirrored : mirrored.reverse()).join('');
};

const lineOf = (clusters: readonly Cluster[], type: Type): Line => {
  let end = clusters.length;
  while (end > 0 && clusters[end - 1]?.text === ' ') end -= 1;
  const pieces = inOrderOfTheEye(runsOf(clusters.slice(0, end))).map((run) => {
    const [text, face] = [textOf(run), run[0]?.face ?? null];
    return { text, face, width: type.widthOf(text, face) };
  });
  return { pieces, width: pieces.reduce((sum, { width }) => sum + width, 0), rightToLeft: false };
};

/** Breaks a text into lines no wider than `width`; a word that is wider is cut where it has to be. */
export const breakLines = (text: string, type: Type, width: number): Line[] =>
  clean(text)
    .split('\n')
    .flatMap((paragraph) => {
      const clusters = clustersOf(paragraph, type);
      const whole = lineOf(clusters, type);
      const lines = whole.width <= width ? [whole] : broken(clusters, type, width);
      return runsRightToLeft(paragraph) ? lines.map((line) => ({ ...line, rightToLeft: true })) : lines;
    });

const runsRightToLeft = (paragraph: string): boolean =>
  rightToLeft.test(paragraph) && bidi.getEmbeddingLevels(paragraph, 'auto').paragraphs[0]?.level === 1;

const broken = (clusters: readonly Cluster[], type: Type, width: number): Line[] => {
  const lines: Line[] = [];
  let line: Cluster[] = [];
  let taken = 0;
  const flush = (): void => {
    if (line.length > 0) lines.push(lineOf(line, type));
    [line, taken] = [[], 0];
  };
  const add = (added: readonly Cluster[]): void => {
    line.push(...added);
    for (const run of runsOf(added)) taken += type.widthOf(textOf(run), run[0]?.face ?? null);
  };
  for (const word of wordsOf(clusters)) {
    const needed = lineOf(word, type).width;
    if (taken + needed > width) flush();
    if (needed <= width) {
      add(word);
      continue;
    }
    for (const cluster of word) {
      if (line.length > 0 && taken + type.widthOf(cluster.text, cluster.face) > width) flush();
      add([cluster]);
    }
  }
  flush();
  return lines;
};

const wordsOf = (clusters: readonly Cluster[]): Cluster[][] => {
  const words: Cluster[][] = [];
  clusters.forEach((cluster, index) => {
    const previous = clusters[index - 1];
    const before = clusters[index - 2]?.text ?? '';
    if (previous === undefined || breaksBetween(before, previous, cluster)) words.push([cluster]);
    else words.at(-1)?.push(cluster);
  });
  return words;
};
