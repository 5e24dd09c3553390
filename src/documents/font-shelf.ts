import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create as openFont } from 'fontkit';
import subsetFont from 'subset-font';
import { type FontFamily, familiesFor } from './font-families.ts';

/** The two weights a document is set in. */
export type Weight = 'regular' | 'bold';

/** One font file at one weight, as TrueType. */
export interface Face {
  bytes: Buffer;
  covers(text: string): boolean;
  /** Thousandths of the size that a text takes; `figures`: with digits of one width. */
  widthOf(text: string, figures: boolean): number;
}

/** The fonts for one language of Chinese characters; opens only the files that are asked for. */
export interface FontShelf {
  /** The face for a character with its marks: `wanted` is noted where a file has to be loaded first, null means that no font has it. */
  faceOf(cluster: string, weight: Weight): Face | null;
  /** Loads what was wanted; false if nothing was, so that what was set is whole. */
  loadWanted(): Promise<boolean>;
}

interface FontFile {
  path: string;
  ranges: readonly (readonly [number, number])[];
}

const require = createRequire(import.meta.url);
const weights: Record<Weight, number> = { regular: 400, bold: 620 };
/**
 * What letters, marks, Arabic joining and columns of figures need. Not kerning: Inter's hides the point of a date between its figures.
 * Inter's contextual alternates, which make an arrow of "->",
 * would cost more time than all the rest of drawing.
 */
const features = 'ccmp locl mark mkmk rlig liga isol init medi fina tnum'.split(' ');
const files = new Map<string, readonly FontFile[]>();
const faces = new Map<string, Face>();
/** A face is 20 to 140 KB: this many serve every language in turn without keeping all of them. */
const mostFaces = 160;
/** Widths are kept as well: shaping is most of the work, and the same words come again. */
const mostWidths = 20_000;

/** Joiners and variation selectors: they change how others look, and need no glyph. */
const invisible = /[\u200c\u200d\ufe00-\ufe0f]/g;

/** What a family has in which file, from the list that comes with the package. */
const filesOf = ({ packageName, prefix, wholly }: FontFamily): readonly FontFile[] => {
  const known = files.get(packageName);
  if (known !== undefined) return known;
  const list = JSON.parse(readFileSync(require.resolve(`${packageName}/unicode.json`), 'utf8')) as Record<
    string,
    string
  >;
  const found = Object.entries(list)
    .filter(([subset]) => wholly || subset.startsWith('[') || prefix.endsWith(subset))
    .map(([subset, ranges]) => ({
      path: `${packageName}/files/${prefix}-${subset.replaceAll(/[[\]]/g, '')}-wght-normal.woff2`,
      ranges: ranges.split(',').map((range) => {
        const [from = '', to = from] = range.replace('U+', '').split('-');
        return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
      }),
    }));
  files.set(packageName, found);
  return found;
};

/** The file at one weight. PDF readers know no weight axis and pdfkit no WOFF2 outlines: the weight is fixed, the outlines unpacked. */
const loadFace = async ({ path, ranges }: FontFile, weight: Weight): Promise<Face> => {
  const all = ranges.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index),
  );
  const text = String.fromCodePoint(...all.filter((code) => code < 0xd800 || code > 0xdfff));
  const options = {
    targetFormat: 'truetype' as const,
    variationAxes: { wght: weights[weight] },
    keepFeatures: features,
  };
  const bytes = await subsetFont(readFileSync(require.resolve(path)), text, options);
  const font = openFont(bytes);
  if (!('hasGlyphForCodePoint' in font)) throw new Error(`${path} holds more than one font`);
  const covers = (cluster: string): boolean =>
    Array.from(cluster.replaceAll(invisible, '')).every((character) =>
      font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0),
    );
  const widths = new Map<string, number>();
  const shaped = (part: string, figures: boolean): number => {
    const key = figures ? `#${part}` : ` ${part}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    if (widths.size > mostWidths) widths.clear();
    const width = (font.layout(part, figures ? ['tnum'] : undefined).advanceWidth * 1000) / font.unitsPerEm;
    widths.set(key, width);
    return width;
  };
  // As pdfkit does it: with features at once, else word by word.
  const widthOf = (part: string, figures: boolean): number =>
    figures ? shaped(part, true) : part.split(/(?<= )/).reduce((sum, word) => sum + shaped(word, false), 0);
  return { bytes, covers, widthOf };
};

/** Opens a shelf; `region` is the ISO 3166 code of who the Chinese characters are for. */
export const openFontShelf = (region: string | null): FontShelf => {
  if (faces.size > mostFaces) faces.clear();
  const candidates = familiesFor(region).flatMap(filesOf);
  const chosen = new Map<string, Face | null>();
  const wanted = new Map<string, () => Promise<Face>>();

  const choose = (cluster: string, weight: Weight): Face | null | undefined => {
    const code = cluster.codePointAt(0) ?? 0;
    for (const file of candidates) {
      if (!file.ranges.some(([from, to]) => from <= code && code <= to)) continue;
      const name = `${file.path}@${weight}`;
      const face = faces.get(name);
      if (face === undefined) {
        wanted.set(name, () => loadFace(file, weight));
        return undefined;
      }
      if (face.covers(cluster)) return face;
    }
    // Better the letter without a mark that nobody has than no letter.
    const [base = ''] = cluster;
    return base === cluster ? null : choose(base, weight);
  };

  return {
    faceOf(cluster, weight) {
      const key = `${weight}${cluster}`;
      const known = chosen.get(key);
      if (known !== undefined) return known;
      const face = choose(cluster, weight);
      if (face !== undefined) chosen.set(key, face);
      return face ?? null;
    },
    async loadWanted() {
      const any = wanted.size > 0;
      for (const [name, load] of wanted) faces.set(name, await load());
      wanted.clear();
      return any;
    },
  };
};
