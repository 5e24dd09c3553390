import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

test('keeps everything that was said about the client', async () => {
  const { noor } = await makeWorkspace(house);
  const given = {
    name: 'Acme GmbH',
    currency: 'eur',
    email: 'billing@acme.example',
    contacts: [{ name: 'Ines', email: 'ines@acme.example', role: 'CFO' }, { name: 'Udo' }],
    address: { line1: 'Hauptstraße 1', postal_code: '10115', city: 'Berlin' },
    country: 'de',
    tax_id: 'DE123456789',
    language: 'de',
    payment_terms_days: 14,
    rate: '95.5',
    rounding: { mode: 'up', increment_seconds: 900 },
    buyer_reference: '991-1234-06',
  };
  const { client } = await call<{ client: { id: string } }>(house, noor, 'clients.create', given);
  const expected = {
    ...given,
    currency: 'EUR',
    country: 'DE',
    rate: '95.50',
    rounding: { mode: 'up', increment_seconds: 900, scope: 'entry' },
    contacts: [
      expect.objectContaining({ name: 'Ines', email: 'ines@acme.example', role: 'CFO' }),
      expect.objectContaining({ name: 'Udo', email: null, role: null }),
    ],
    version: 1,
  };
  expect(client).toMatchObject(expected);
  expect(await call(house, noor, 'clients.get', { id: client.id })).toMatchObject({
    client: expected,
    projects: [],
  });
});

test('takes the currency of the workspace where none is said', async () => {
  const { noor } = await makeWorkspace(house, { currency: 'JPY' });
  expect(await call(house, noor, 'clients.create', { name: 'Sakura', rate: '9000' })).toMatchObject({
    client: { currency: 'JPY', rate: '9000' },
  });
});

test('a second client of the same name is allowed, with a warning that names the first', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await call<{ client: { id: string } }>(house, noor, 'clients.create', { name: 'Acme' });
  const second = await call(house, noor, 'clients.create', { name: 'ACME' });
  expect(second.meta?.warnings).toEqual([`Another client is called "Acme" too (${client.id}).`]);
});

test.each([
  [
    { name: 'A', currency: 'EURO' },
    'currency must be an ISO 4217 currency code like EUR or JPY, not "EURO".',
  ],
  [
    { name: 'A', rate: '1.234' },
    'rate: EUR has 2 decimals, so 1.234 cannot be kept exactly. Round it first.',
  ],
  [{ name: 'A', rate: 85 }, 'rate must be text, not a number.'],
  [
    { name: 'A', rate: '-5' },
    'rate must be an amount as text like "1234.50": not below zero, at most 13 digits before the point, no thousands separators.',
  ],
  [{ name: ' ' }, 'name must have at least 1 character.'],
  [{ name: 'A', email: 'nobody' }, 'email must be an e-mail address.'],
])('refuses %j with a sentence', async (input, message) => {
  const { noor } = await makeWorkspace(house);
  expect((await refusalOf(call(house, noor, 'clients.create', input))).message).toBe(message);
});

test('a member may not add clients', async () => {
  const { teo } = await makeWorkspace(house);
  expect((await refusalOf(call(house, teo, 'clients.create', { name: 'A' }))).message).toBe('Access denied');
});

test.each([
  ['country', 'XX'],
  ['country', 'EU'],
  ['country', 'UK'],
  ['language', 'xx-QQ'],
  ['language', 'german'],
])('there is no %s %s', async (field, value) => {
  const { noor } = await makeWorkspace(house);
  const refused = await refusalOf(call(house, noor, 'clients.create', { name: 'Acme', [field]: value }));
  expect([refused.code, refused.field]).toEqual(['validation_failed', field]);
});

test('a language is kept as its tag is written', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await call<{ client: { language: string } }>(house, noor, 'clients.create', {
    name: 'Acme',
    language: 'pt-br',
  });
  expect(client.language).toBe('pt-BR');
});
