import { parentPort } from 'node:worker_threads';
import { drawPdf } from './draw-pdf.ts';
import type { PdfAnswer, PdfRequest } from './render-pdf.ts';

// The thread of render-pdf.ts: one document in, its bytes or why there are none out.
parentPort?.on('message', (request: PdfRequest) => {
  const answer = async (): Promise<PdfAnswer> => {
    try {
      return { bytes: await drawPdf(request) };
    } catch (error) {
      return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  void answer().then((message) => parentPort?.postMessage(message));
});
