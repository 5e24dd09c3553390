import { Worker } from 'node:worker_threads';
import type { InvoiceDocument } from './invoice-document.ts';

/** What the thread is told. */
export type PdfRequest = InvoiceDocument;

/** What the thread answers. */
export type PdfAnswer = { bytes: Uint8Array } | { failure: string };

/** How a document is drawn elsewhere, and when that is given up. */
export interface PdfRenderer {
  render(document: InvoiceDocument): Promise<Uint8Array>;
}

/**
 * One thread that draws one document after the other. It is started when the first is asked for, does not keep the process
 * alive, and is started anew after it died or was ended because a document took longer than `patienceMs`.
 */
export const pdfRenderer = (
  patienceMs: number,
  program = new URL('./pdf-worker.ts', import.meta.url),
): PdfRenderer => {
  let thread: Worker | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const start = (): Worker => {
    const worker = new Worker(program, {
      name: 'stint-documents',
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    worker.once('exit', () => {
      if (thread === worker) thread = null;
    });
    worker.on('error', () => undefined); // each request listens for itself; between requests there is nothing to say
    worker.unref();
    return worker;
  };

  const renderNow = (document: InvoiceDocument): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      const worker = (thread ??= start());
      // While somebody waits for it, the process must not end below it.
      worker.ref();
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        worker.off('message', answered).off('error', failed).off('exit', ended);
        worker.unref();
        finish();
      };
      const drop = (reason: Error): void => {
        if (thread === worker) thread = null;
        settle(() => reject(reason));
      };
      const answered = (answer: PdfAnswer): void =>
        settle(() =>
          'bytes' in answer ? resolve(answer.bytes) : reject(new Error(`No PDF: ${answer.failure}`)),
        );
      const failed = (error: unknown): void =>
        drop(new Error('The thread that draws PDFs failed', { cause: error }));
      const ended = (): void => drop(new Error('The thread that draws PDFs ended'));
      const timer = setTimeout(() => {
        drop(new Error(`A PDF took longer than ${patienceMs / 1000} s and was given up`));
        void worker.terminate();
      }, patienceMs);
      worker.on('message', answered).on('error', failed).on('exit', ended);
      worker.postMessage(document satisfies PdfRequest);
    });

  return {
    render(document) {
      const rendered = turn.then(() => renderNow(document));
      turn = rendered.catch(() => undefined);
      return rendered;
    },
  };
};

const shared = pdfRenderer(30_000);

/** Draws a document as a PDF, off this thread. The same document gives the same bytes, always. Fails after 30 s. */
export const renderPdf = (document: InvoiceDocument): Promise<Uint8Array> => shared.render(document);
