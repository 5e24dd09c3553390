import { viewOf } from './document-view.ts';
import { type FontShelf, openFontShelf } from './font-shelf.ts';
import type { InvoiceDocument } from './invoice-document.ts';
import { openCanvas } from './pdf-canvas.ts';
import { drawClosing, setTotals } from './pdf-closing.ts';
import { drawHead, UnusableLogo } from './pdf-head.ts';
import { mm, numberPages, openPage, sheetTop } from './pdf-page.ts';
import { drawLines } from './pdf-table.ts';
import { themeOf } from './theme.ts';

/** Draws a document as a PDF, in this thread. The same document gives the same bytes. */
export const drawPdf = async (document: InvoiceDocument): Promise<Uint8Array> => {
  const shelf = openFontShelf(document.customer.country ?? document.supplier.country);
  for (;;) {
    const draft = drawOnce(document, shelf);
    // What was set without a font that has to be loaded first is set again, with it.
    if (!(await shelf.loadWanted())) return draft();
  }
};

const drawOnce = (document: InvoiceDocument, shelf: FontShelf): (() => Promise<Uint8Array>) => {
  try {
    return drawWith(document, shelf);
  } catch (error) {
    if (!(error instanceof UnusableLogo)) throw error;
    return drawWith({ ...document, logo: null }, shelf);
  }
};

interface Drawn {
  bytes: () => Promise<Uint8Array>;
  sheets: number;
  /** How much of the last sheet is used. */
  rest: number;
}

/** A last sheet with little on it is saved, where a little less room between the lines can. */
const drawWith = (document: InvoiceDocument, shelf: FontShelf): (() => Promise<Uint8Array>) => {
  const drawn = drawSpaced(document, shelf, 1);
  const saved = 32 * mm * (drawn.sheets - 1) + 20 * mm;
  if (drawn.sheets === 1 || drawn.sheets > 5 || drawn.rest > saved) return drawn.bytes;
  const tighter = drawSpaced(document, shelf, 0.55);
  return tighter.sheets < drawn.sheets ? tighter.bytes : drawn.bytes;
};

const drawSpaced = (document: InvoiceDocument, shelf: FontShelf, spacing: number): Drawn => {
  const view = viewOf(document);
  const canvas = openCanvas(shelf, {
    title: view.title,
    author: document.supplier.name,
    language: document.language,
    createdOn: document.issued_on,
  });
  const page = openPage(canvas, view, themeOf(document.accent_color), spacing);
  drawHead(page, document.logo);
  const totals = setTotals(page);
  drawLines(page, totals.height);
  totals.draw();
  drawClosing(page);
  const sheets = numberPages(page);
  return { bytes: canvas.bytes, sheets, rest: page.y - sheetTop };
};
