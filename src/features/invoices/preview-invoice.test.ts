import fc from 'fast-check';
import { expect, test } from 'vitest';
import { webDoor } from '#doors/web/door.ts';
import { openTestHouse, serveHouse } from '#testing/house.ts';
import { confirmOf, issueInvoice, makeDraft, newKey } from '#testing/invoices.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

interface Preview {
  preview_id: string;
  content_hash: string;
  expires_at: string;
  total: string;
  currency: string;
  recipients: string[];
  subject: string;
  body: string;
  problems: string[];
  url: string | null;
  html?: string;
  document?: Record<string, unknown>;
}
const preview = (person: Person, id: string, more: object = {}) =>
  call<Preview>(house, person, 'invoices.preview', { id, ...more });

test('shows what would go out, to whom and with what words, and changes nothing of the invoice', async () => {
  const { noor } = await makeWorkspace(house);
  const { house: served, close } = await serveHouse(house, [webDoor]);
  const { id, version } = await makeDraft(house, noor);
  const shown = await call<Preview>(served, noor, 'invoices.preview', { id });
  expect(shown).toMatchObject({
    content_hash: (await confirmOf(house, noor, id)).content_hash,
    total: '350.00',
    currency: 'EUR',
    recipients: ['billing@acme.example'],
    subject: expect.stringMatching(/^Invoice \{number\} from /),
    body: expect.stringContaining('€350.00'),
  });
  const pdf = Buffer.from(await (await fetch(shown.url!)).arrayBuffer());
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  const { invoice } = await call<{ invoice: object }>(house, noor, 'invoices.get', { id });
  expect(invoice).toMatchObject({ status: 'draft', version });
  const { data } = await call<{ data: object[] }>(house, noor, 'invoice_artifacts.list', { invoice_id: id });
  expect(data).toEqual([]);
  await close();
});

test('as a page or as data, without the bytes of the logo', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeDraft(house, noor);
  const page = await preview(noor, id, { format: 'html' });
  expect(page.html).toMatch(/^<!doctype html>/);
  expect(page.url).toContain('draft.html');
  const data = await preview(noor, id, { format: 'json' });
  expect(data.document).toMatchObject({ kind: 'invoice', total: '350.00', payable: '350.00' });
  expect(data.document).not.toHaveProperty('logo');
  expect(data.url).toBeNull();
});

test('says as sentences what is missing, and nothing once it is there', async () => {
  const { noor, mara } = await makeWorkspace(house);
  const { id } = await makeDraft(house, noor, { client: { email: null } });
  const { problems, recipients } = await preview(noor, id);
  expect(recipients).toEqual([]);
  for (const word of [
    'no e-mail address',
    'own address',
    'address of Acme',
    'how to pay',
    'Answers of the client',
  ])
    expect(problems.join(' ')).toContain(word);
  await call(house, mara, 'settings.update', {
    invoice: {
      address: { line1: 'Street 1', city: 'Berlin' },
      tax_id: 'DE123456789',
      email: 'me@mara.example',
      payment_note: 'Cash',
    },
  });
  const { client } = (
    await call<{ invoice: { client: { id: string } } }>(house, noor, 'invoices.get', { id })
  ).invoice;
  await call(house, noor, 'clients.update', {
    id: client.id,
    address: { city: 'Rome' },
    email: 'a@acme.example',
  });
  expect((await preview(noor, id)).problems).toEqual([]);
  const empty = await makeDraft(house, noor, {
    client: { name: 'Empty' },
    due_date: '2020-01-01',
    issue_date: '2020-01-01',
  });
  expect((await preview(noor, empty.id)).problems.join(' ')).toContain(
    'The due date, 2020-01-01, is in the past.',
  );
});

test('can be confirmed for a quarter of an hour, unless something changed', async () => {
  const stopped = await openTestHouse();
  stopped.setNow('2026-10-05T12:00:00Z');
  const { noor } = await makeWorkspace(stopped);
  const send = (id: string, { preview_id, total, currency }: Preview) =>
    call(stopped, noor, 'invoices.send', {
      id,
      confirm: { preview_id, total, currency },
      idempotency_key: newKey(),
    });
  const show = (id: string) => call<Preview>(stopped, noor, 'invoices.preview', { id, format: 'json' });
  const first = await makeDraft(stopped, noor);
  const old = await show(first.id);
  stopped.setNow('2026-10-05T12:15:00Z');
  expect(await refusalOf(send(first.id, old))).toMatchObject({ code: 'confirmation_mismatch' });
  const stale = await show(first.id);
  await call(stopped, noor, 'invoices.update', { id: first.id, notes: 'New' });
  expect(await refusalOf(send(first.id, stale))).toMatchObject({ code: 'confirmation_mismatch' });
  const other = await makeDraft(stopped, noor, { client: { name: 'Other' } });
  expect(await refusalOf(send(first.id, await show(other.id)))).toMatchObject({
    code: 'confirmation_mismatch',
  });
  await send(first.id, await show(first.id));
});

test('26 the hash changes exactly when what can be seen changes, and a stale one never sends', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeDraft(house, noor);
  const changes = fc.oneof(
    fc.record({ notes: fc.constantFrom(null, 'Thank you', 'Merci', 'Thank you ') }),
    fc.record({ purchase_order: fc.constantFrom(null, 'PO 1', 'PO 2') }),
    fc.record({ language: fc.constantFrom('en', 'de', 'fr') }),
    fc.record({ due_date: fc.constantFrom('2026-12-01', '2026-12-02') }),
    fc.record({ discount: fc.constantFrom(null, { percent: '5' }, { amount: '1.00' }) }),
    fc.record({ add: fc.constant(true) }),
  );
  let known = new Map<string, string>();
  const look = async () => {
    const { document, content_hash } = await preview(noor, id, { format: 'json' });
    return { seen: JSON.stringify(document), hash: content_hash };
  };
  await fc.assert(
    fc.asyncProperty(changes, async (change) => {
      const before = await look();
      const input = 'add' in change ? { lines: [{ description: 'More', unit_price: '1.00' }] } : change;
      await call(house, noor, 'invoices.update', { id, ...input });
      const after = await look();
      expect(after.hash === before.hash).toBe(after.seen === before.seen);
      // And the same content again is the same hash again.
      for (const { seen, hash } of [before, after]) {
        expect(known.get(seen) ?? hash).toBe(hash);
        known = known.set(seen, hash);
      }
      if (after.hash === before.hash) return;
      const { total, currency } = await confirmOf(house, noor, id);
      const confirm = { content_hash: before.hash, total, currency };
      const stale = call(house, noor, 'invoices.send', { id, confirm, idempotency_key: newKey() });
      expect((await refusalOf(stale)).code).toBe('confirmation_mismatch');
    }),
    { numRuns: 25, seed: 26 },
  );
  expect(known.size).toBeGreaterThan(8);
});

test('the hash of a draft is that of the invoice it becomes', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeDraft(house, noor);
  const { content_hash } = await preview(noor, id, { format: 'json' });
  await call(house, noor, 'invoices.send', {
    id,
    confirm: { content_hash, total: '350.00', currency: 'EUR' },
    idempotency_key: newKey(),
  });
  const after = await preview(noor, id, { format: 'json' });
  expect(after.content_hash).toBe(content_hash);
  expect(after.problems.join(' ')).toContain('invoice_dispatches.resend');
  expect(await issueInvoice(house, noor, { client: { name: 'Other' } })).toMatchObject({ status: 'sent' });
});
