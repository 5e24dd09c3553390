import { expect, test } from 'vitest';
import { line, sampleInvoice } from '#testing/sample-documents.ts';
import type { InvoiceDocument } from './invoice-document.ts';
import { renderHtml } from './render-html.ts';

const attack = `"><script>alert('x')</script><img src=x onerror=alert(1)>`;

/** The same document with every text, however deep, replaced. */
const everywhere = (value: unknown, text: string): unknown => {
  if (typeof value === 'string') return text;
  if (Array.isArray(value)) return value.map((member) => everywhere(member, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, everywhere(member, text)]));
};

test('everything that comes from outside is escaped, wherever it stands', () => {
  const full = sampleInvoice({
    purchase_order: 'x',
    buyer_reference: 'x',
    corrects: { number: 'x', issued_on: 'x' },
    adjustments: [{ label: 'x', amount: 'x' }],
    withholding: [{ name: 'x', percent: 'x', amount: 'x' }],
    deductions: [{ label: 'x', amount: 'x' }],
    rounding: '1',
    footer: 'x',
    lines: [line(0, { details: 'x', discount: 'x', unit: null })],
    logo: { mime: 'image/png', base64: 'x' },
    accent_color: 'x',
  });
  const hostile = {
    ...(everywhere(full, attack) as InvoiceDocument),
    kind: 'invoice',
    language: 'en',
    currency: 'EUR',
  } as const;
  const hostileLines = hostile.lines.map((one) => ({ ...one, unit: null }));
  for (const receipt of [null, { paid_on: attack, method: attack, amount: attack, reference: attack }]) {
    const page = renderHtml({ ...hostile, lines: hostileLines, receipt });
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toMatch(/<script|<img|onerror=alert\(1\)>/i);
    // Outside of tags and of what was escaped, no sign is left that could begin one.
    const tags = [...page.matchAll(/<([a-z0-9]+)/gi)].map(([, tag]) => tag);
    expect(new Set(tags)).not.toContain('script');
  }
});

test('a page is whole in itself: nothing is fetched, nothing is run', () => {
  const page = renderHtml(sampleInvoice({ logo: { mime: 'image/png', base64: 'iVBORw0KGgo=' } }));
  expect(page).not.toMatch(/(?:src|href)\s*=\s*"(?!data:image\/png;base64,)/);
  expect(page).not.toMatch(/url\(|@import|<script|<link|<iframe|\son\w+=/);
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
});

test('a colour that is none, and a logo that is no base64, do not get into the page', () => {
  const page = renderHtml(
    sampleInvoice({
      accent_color: 'red}body{display:none',
      logo: { mime: 'image/png', base64: '"><b>' },
    }),
  );
  expect(page).not.toContain('display:none');
  expect(page).not.toContain('<b>');
  expect(renderHtml(sampleInvoice({ accent_color: '#B3261E' }))).toContain('#b3261e');
});

test('controls that turn the direction of text are left out, and each text finds its own', () => {
  const page = renderHtml(sampleInvoice({ notes: 'pay \u202e00.001\u202c now' }));
  expect(page).toContain('pay 00.001 now');
  expect(page).toContain('<p class="text" dir="auto">');
});

test('says the same as the PDF: lines, taxes, totals, how to pay', () => {
  const page = renderHtml(sampleInvoice({ language: 'de' }));
  for (const words of [
    'Rechnung 2026-0041',
    '31,25 <small>Std.</small>',
    'VAT 19\u00a0% auf 9.580,00',
    '11.400,20\u00a0€',
    '<svg',
  ]) {
    expect(page).toContain(words);
  }
});
