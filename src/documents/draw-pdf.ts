import { viewOf } from './document-view.ts';
import { type FontShelf, openFontShelf } from './font-shelf.ts';
import type { InvoiceDocument } from './invoice-document.ts';
import { openCanvas } from './pdf-canvas.ts';
import { drawClosing, setTotals } from './pdf-closing.ts';
import { drawHead, UnusableLogo } from './pdf-head.ts';
import { numberPages, openPage } from './pdf-page.ts';
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

const drawWith = (document: InvoiceDocument, shelf: FontShelf): (() => Promise<Uint8Array>) => {
  const view = viewOf(document);
  const canvas = openCanvas(shelf, {
    title: view.title,
    author: document.supplier.name,
    language: document.language,
    createdOn: document.issued_on,
  });
  const page = openPage(canvas, view, themeOf(document.accent_color));
  drawHead(page, document.logo);
  const totals = setTotals(page);
  drawLines(page, totals.height);
  totals.draw();
  drawClosing(page);
  numberPages(page);
  return canvas.bytes;
};
