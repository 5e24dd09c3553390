import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { extractText, getDocumentProxy } from 'unpdf';
import { expect, test } from 'vitest';
import { line, lines, party, sampleInvoice } from '#testing/sample-documents.ts';
import type { InvoiceDocument } from './invoice-document.ts';
import { pdfRenderer, renderPdf } from './render-pdf.ts';

/** The pages of a document as a reader gets them, white space evened out. */
const pagesOf = async (document: InvoiceDocument): Promise<string[]> => {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(await renderPdf(document))));
  return text.map((page) => page.replaceAll(/\s+/g, ' '));
};
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
/** A PNG of one red pixel. */
const redPixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

test('an invoice says on one page who owes whom how much for what, and how to pay', async () => {
  const pages = await pagesOf(sampleInvoice());
  expect(pages).toHaveLength(1);
  for (const words of [
    'Invoice 2026-0041',
    '31 October 2026',
    'Frau Dr. Søndergård',
    'Große Elbstraße 68',
    'Accessibility review (WCAG 2.2 AA) with report',
    '3,437.50',
    'VAT 19% on 9,580.00',
    '€11,400.20',
    'Please pay €11,400.20 by 14 November 2026.',
    'DE89 3704 0044 0532 0130 00',
    'VAT ID DE814584193',
    'Page 1 of 1',
  ]) {
    expect(pages[0]).toContain(words);
  }
});

test('a long invoice repeats the heads of its table, counts its pages and keeps the totals with a line', async () => {
  const pages = await pagesOf(sampleInvoice({ lines: lines(60) }));
  expect(pages).toHaveLength(3);
  pages.forEach((page, index) => {
    expect(page).toContain(`Page ${index + 1} of 3`);
    expect(page).toContain('Unit price');
    expect(page).toContain('Invoice 2026-0041');
  });
  expect(pages.slice(0, 2).join('')).not.toContain('Amount due');
  expect(pages[2]).toMatch(/60 .*Amount due/);
});

test('the totals never stand alone on a page', async () => {
  for (const count of [12, 13, 14, 15, 16, 17, 18]) {
    const pages = await pagesOf(sampleInvoice({ lines: lines(count), payment: null, notes: null }));
    const last = pages.find((page) => page.includes('Amount due'));
    expect(last, `${count} lines`).toContain('19 %');
  }
});

test('speaks German and French, with their figures and dates', async () => {
  const [german] = await pagesOf(sampleInvoice({ language: 'de' }));
  for (const words of [
    'Rechnung 2026-0041',
    '01.–31.10.2026',
    '11.400,20 €',
    '31,25 Std.',
    'Seite 1 von 1',
  ]) {
    expect(german).toContain(words);
  }
  const [french] = await pagesOf(sampleInvoice({ language: 'fr' }));
  for (const words of ['Facture 2026-0041', '1–31 octobre 2026', '11 400,20 €', 'Page 1 sur 1']) {
    expect(french).toContain(words);
  }
});

test('without tax it says why, in the words of the law', async () => {
  const tax_groups = [
    { name: 'USt.', percent: '0', category: 'AE', taxable: '9580.00', tax: '0.00', exemption_reason: null },
  ];
  const [page] = await pagesOf(
    sampleInvoice({ language: 'de', tax_groups, total: '9580.00', payable: '9580.00' }),
  );
  expect(page).toContain('Steuerschuldnerschaft des Leistungsempfängers');
});

test('a draft says that it is one, and asks for no money by code', async () => {
  const [page] = await pagesOf(sampleInvoice({ number: null }));
  expect(page).toContain('Invoice (Draft)');
  expect(page).toContain('DRAFT');
  expect(page).not.toContain('Scan to pay');
});

test('names in other scripts are there to be read and to be found', async () => {
  const [japanese] = await pagesOf(
    sampleInvoice({
      currency: 'JPY',
      customer: party('株式会社サンプル商事', ['髙橋 直樹 様', '丸の内１丁目'], 'JP'),
    }),
  );
  expect(japanese).toContain('株式会社サンプル商事');
  expect(japanese).toContain('髙橋 直樹 様');
  const [chinese] = await pagesOf(
    sampleInvoice({
      customer: party('北京云端科技有限公司', ['海淀区'], 'CN'),
      lines: [line(0, { description: '주식회사 한빛소프트' })],
    }),
  );
  expect(chinese).toContain('北京云端科技有限公司');
  expect(chinese).toContain('주식회사 한빛소프트');
  const [latin] = await pagesOf(sampleInvoice({ customer: party('Łódź Ősz Đà Nẵng Ελλάς Їжак', [], 'PL') }));
  expect(latin).toContain('Łódź Ősz Đà Nẵng Ελλάς Їжак');
});

test('Hebrew and Arabic run from right to left around figures that do not', async () => {
  const [page] = await pagesOf(
    sampleInvoice({
      customer: party('שלום 123', ['شركة'], 'IL'),
      lines: [line(0, { description: 'Work for חברה (בע״מ)' })],
    }),
  );
  // A reader that looks for text is given it in the order in which it is written, or reversed: never joined wrongly.
  expect(page).toMatch(/שלום|םולש/);
  expect(page).toContain('123');
});

test('a character that no font has becomes a box and not an error', async () => {
  const [page] = await pagesOf(
    sampleInvoice({ notes: 'Thanks 🎉👩‍👩‍👧 and \u{13000} and \u0000\u202e reversed\ud800' }),
  );
  expect(page).toMatch(/Thanks and and ?reversed/);
});

test('the same document gives the same bytes, also from another thread', async () => {
  const document = sampleInvoice({
    logo: { mime: 'image/png', base64: redPixel },
    customer: party('株式会社サンプル', ['שלום'], 'JP'),
  });
  const once = sha256(await renderPdf(document));
  expect(sha256(await renderPdf(structuredClone(document)))).toBe(once);
  // Another thread, which has opened other fonts before.
  const other = pdfRenderer(60_000);
  await other.render(sampleInvoice({ customer: party('شركة', [], 'AE') }));
  expect(sha256(await other.render(document))).toBe(once);
});

test('a logo that is none is left out, and the next document has its own', async () => {
  const logos = [
    'aGVsbG8=',
    '',
    Buffer.from(redPixel, 'base64').subarray(0, 30).toString('base64'),
    '/9j/4AAQ',
  ];
  for (const base64 of logos) {
    for (const mime of ['image/png', 'image/jpeg'] as const) {
      const [page] = await pagesOf(sampleInvoice({ logo: { mime, base64 } }));
      expect(page).toMatch(/^Studio Lindqvist GmbH /);
    }
  }
  const [page] = await pagesOf(sampleInvoice({ logo: { mime: 'image/png', base64: redPixel } }));
  expect(page).toContain('Invoice 2026-0041');
});

test('whatever is asked for at once is drawn one after the other', async () => {
  const numbers = Array.from({ length: 8 }, (_, index) => `N-${index}`);
  const all = await Promise.all(numbers.map((number) => pagesOf(sampleInvoice({ number }))));
  all.forEach((pages, index) => expect(pages[0]).toContain(`Invoice N-${index}`));
});

/** A thread that does something else than draw. */
const program = async (code: string): Promise<URL> => {
  const file = join(await mkdtemp(join(tmpdir(), 'stint-documents-')), 'worker.mjs');
  writeFileSync(file, `import { parentPort } from 'node:worker_threads';\n${code}`);
  return pathToFileURL(file);
};

test('a drawing that does not end is ended, and the next one is drawn', async () => {
  const stuck =
    "parentPort.on('message', ({ number }) => { if (number === 'stuck') for (;;); parentPort.postMessage({ bytes: new Uint8Array(3) }); });";
  const { render } = pdfRenderer(2000, await program(stuck));
  const [first, second] = await Promise.allSettled([
    render(sampleInvoice({ number: 'stuck' })),
    render(sampleInvoice()),
  ]);
  expect(first).toMatchObject({
    status: 'rejected',
    reason: { message: expect.stringContaining('longer than 2 s') },
  });
  expect(second).toMatchObject({ status: 'fulfilled' });
});

test('a thread that dies takes one document with it and no more', async () => {
  const dying =
    "parentPort.on('message', ({ number }) => { if (number === 'exit') process.exit(3); if (number === 'throw') throw new Error('no'); parentPort.postMessage({ bytes: new Uint8Array(3) }); });";
  const { render } = pdfRenderer(60_000, await program(dying));
  await expect(render(sampleInvoice({ number: 'exit' }))).rejects.toThrow('ended');
  await expect(render(sampleInvoice())).resolves.toHaveLength(3);
  await expect(render(sampleInvoice({ number: 'throw' }))).rejects.toThrow('failed');
  await expect(render(sampleInvoice())).resolves.toHaveLength(3);
});
