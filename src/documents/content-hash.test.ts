import { expect, test } from 'vitest';
import { sampleInvoice } from '#testing/sample-documents.ts';
import { contentHash } from './content-hash.ts';

const payment = sampleInvoice().payment!;

test('a draft and what is issued from it have one hash', () => {
  const draft = sampleInvoice({ number: null, payment: { ...payment, reference: '' } });
  const issued = sampleInvoice({ number: '2026-0041', payment: { ...payment, reference: '2026-0041' } });
  expect(contentHash(draft)).toBe(contentHash(issued));
  expect(contentHash(draft)).toMatch(/^[0-9a-f]{64}$/);
});

test('the order in which a document was put together does not count, all else does', () => {
  const document = sampleInvoice();
  const turned = Object.fromEntries(Object.entries(document).reverse()) as unknown as typeof document;
  expect(contentHash(turned)).toBe(contentHash(document));
  const changes = [
    { payable: '11400.21' },
    { notes: null },
    { lines: document.lines.slice(1) },
    { lines: [...document.lines].reverse() },
    { customer: { ...document.customer, name: 'Nordlicht Verlag' } },
    { payment: { ...payment, reference: 'RF18' } },
  ];
  const hashes = changes.map((change) => contentHash({ ...document, ...change }));
  expect(new Set([contentHash(document), ...hashes]).size).toBe(changes.length + 1);
});
