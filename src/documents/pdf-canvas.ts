import PDFDocument from 'pdfkit';
import type { Face, FontShelf, Weight } from './font-shelf.ts';
import { breakLines, type Line, type Type } from './text-lines.ts';

/** How a text looks. `figures`: digits of one width, for columns. */
export interface Style {
  size: number;
  weight: Weight;
  color: string;
  figures?: boolean;
  /** Distance of two lines as a multiple of the size; 1.4 if nothing is said. */
  leading?: number;
}

/** A text that has its lines and not yet its place. */
export interface Block {
  lines: readonly Line[];
  width: number;
  height: number;
  lineHeight: number;
  style: Style;
}

/** A document being drawn: text that was set in lines first, rules, boxes. Points from the top left corner of an A4 page. */
export interface Canvas {
  readonly pdf: PDFKit.PDFDocument;
  set(text: string, style: Style, width: number): Block;
  draw(block: Block, x: number, y: number, align?: 'left' | 'right'): void;
  rule(x: number, y: number, width: number, color: string, thickness: number): void;
  bytes(): Promise<Uint8Array>;
}

/** What a PDF says about itself. */
export interface About {
  title: string;
  author: string;
  language: string;
  createdOn: string;
}

const figures: PDFKit.Mixins.OpenTypeFeatures[] = ['tnum'];
/** Of the box for a character that no font has, in thousandths of the size. */
const boxWidth = 640;

/** Opens an empty document. The same calls give the same bytes: nothing in it is random, and its date is the one given. */
export const openCanvas = (shelf: FontShelf, about: About): Canvas => {
  // eslint-disable-next-line no-restricted-syntax -- a date that was given, not the clock
  const created = new Date(`${about.createdOn}T00:00:00Z`);
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    lang: about.language,
    displayTitle: true,
    pdfVersion: '1.7',
    info: {
      Title: about.title,
      Author: about.author,
      Creator: 'Stint',
      Producer: 'Stint',
      CreationDate: created,
    },
  });
  const chunks: Uint8Array[] = [];
  pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  const registered = new Map<Face, string>();

  const use = (face: Face, size: number): void => {
    const known = registered.get(face);
    if (known === undefined) {
      const name = `f${registered.size}`;
      registered.set(face, name);
      pdf.registerFont(name, face.bytes);
      pdf.font(name, size);
    } else pdf.font(known, size);
  };
  const typeOf = (style: Style): Type => ({
    faceOf: (cluster) => shelf.faceOf(cluster, style.weight),
    // The face measures, not the document: what is known from before must not change in which order fonts get into it.
    widthOf: (text, face) => ((face?.widthOf(text, style.figures === true) ?? boxWidth) * style.size) / 1000,
  });

  return {
    pdf,
    set(text, style, width) {
      const lines = text === '' ? [] : breakLines(text, typeOf(style), width);
      const lineHeight = style.size * (style.leading ?? 1.4);
      const widest = lines.reduce((most, line) => Math.max(most, line.width), 0);
      return { lines, width: widest, height: lines.length * lineHeight, lineHeight, style };
    },
    draw({ lines, lineHeight, style }, x, y, align = 'left') {
      lines.forEach((line, index) => {
        let left = align === 'right' ? x - line.width : x;
        // Capitals of this height stand in the middle of the line.
        const baseline = y + index * lineHeight + lineHeight / 2 + style.size * 0.36;
        pdf.fillColor(style.color);
        for (const { text, face, width } of line.pieces) {
          if (face === null) drawBox(pdf, left, baseline, style);
          else {
            use(face, style.size);
            const features = style.figures === true ? { features: figures } : {};
            pdf.text(text, left, baseline, { lineBreak: false, baseline: 'alphabetic', ...features });
          }
          left += width;
        }
      });
    },
    rule(x, y, width, color, thickness) {
      pdf.rect(x, y - thickness / 2, width, thickness).fill(color);
    },
    bytes: () =>
      new Promise((resolve, reject) => {
        pdf.on('end', () => resolve(Buffer.concat(chunks)));
        pdf.on('error', reject);
        pdf.end();
      }),
  };
};

/** Stands for a character that no font here has: seen, and not mistaken for another. */
const drawBox = (pdf: PDFKit.PDFDocument, x: number, baseline: number, { size, color }: Style): void => {
  const side = size * 0.52;
  pdf
    .lineWidth(size * 0.06)
    .rect(x + size * 0.06, baseline - size * 0.7, side, size * 0.7)
    .stroke(color);
  pdf.fillColor(color);
};
