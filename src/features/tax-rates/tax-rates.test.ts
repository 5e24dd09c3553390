import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { makeSeries } from '#testing/recurring.ts';

const house = await openTestHouse();

interface Tax {
  id: string;
  name: string;
  percent: string;
  category: string;
  archived: boolean;
  version: number;
}
const create = async (person: Person, input: object) =>
  (await call<{ tax_rate: Tax }>(house, person, 'tax_rates.create', { name: 'VAT', percent: '19', ...input }))
    .tax_rate;
const list = async (person: Person, input: object = {}) =>
  (await call<{ data: Tax[] }>(house, person, 'tax_rates.list', input)).data;

test('a tax keeps its percent exactly, and is listed by name', async () => {
  const { ada, noor } = await makeWorkspace(house);
  await create(ada, { name: 'VAT 19 %' });
  await create(ada, { name: 'Sales tax', percent: '8.8750', country: 'us' });
  await create(ada, { name: 'IGIC', percent: '7', category: 'L' });
  await create(ada, { name: 'Withheld', percent: '15', withholding: true });
  expect((await list(noor)).map(({ name, percent }) => [name, percent])).toEqual([
    ['IGIC', '7'],
    ['Sales tax', '8.875'],
    ['VAT 19 %', '19'],
    ['Withheld', '15'],
  ]);
});

test.each([
  [{ percent: '19', category: 'AE', exemption_reason: 'Reverse charge' }, 'percent', /has percent "0"/],
  [{ percent: '0', category: 'S' }, 'percent', /above zero/],
  [{ percent: '0', category: 'E' }, 'exemption_reason', /BR-E-10/],
  [{ percent: '0', category: 'AE' }, 'exemption_reason', /BR-AE-10/],
  [{ percent: '0', category: 'K' }, 'exemption_reason', /BR-IC-10/],
  [{ percent: '0', category: 'O' }, 'exemption_reason', /BR-O-10/],
  [
    { percent: '0', category: 'Z', exemption_reason: 'Because' },
    'exemption_reason',
    /has no exemption_reason/,
  ],
  [{ percent: '19', exemption_code: 'VATEX-EU-AE' }, 'exemption_code', /has no exemption_reason/],
  [{ percent: '0', category: 'E', withholding: true, exemption_reason: 'x' }, 'category', /withheld/],
  [{ percent: '101' }, 'percent', /from 0 to 100/],
  [{ percent: '1.23456' }, 'percent', /at most 4 decimals/],
  [{ percent: '0', category: 'E', exemption_code: '§ 4' }, 'exemption_code', /VATEX/],
])('refuses a tax that no e-invoice could carry: %j', async (input, field, sentence) => {
  const { ada } = await makeWorkspace(house);
  const refusal = await refusalOf(create(ada, input));
  expect(refusal).toMatchObject({ code: 'validation_failed', field });
  expect(refusal.message).toMatch(sentence);
});

test('what charges no tax says why, in words or by code', async () => {
  const { ada } = await makeWorkspace(house);
  for (const category of ['E', 'AE', 'K', 'G', 'O'])
    expect(await create(ada, { category, percent: '0', exemption_reason: 'Why' })).toMatchObject({
      category,
    });
  expect(await create(ada, { category: 'AE', percent: '0', exemption_code: 'vatex-eu-ae' })).toMatchObject({
    exemption_code: 'VATEX-EU-AE',
    exemption_reason: null,
  });
});

test('an archived tax is offered no more, and comes back', async () => {
  const { ada } = await makeWorkspace(house);
  const tax = await create(ada, {});
  const archived = await call(house, ada, 'tax_rates.archive', { id: tax.id, expected_version: tax.version });
  expect(archived).toMatchObject({ tax_rate: { archived: true } });
  expect(await list(ada)).toEqual([]);
  expect(await list(ada, { archived: true })).toHaveLength(1);
  expect(
    (await refusalOf(call(house, ada, 'clients.create', { name: 'A', default_tax_id: tax.id }))).code,
  ).toBe('tax_archived');
  await call(house, ada, 'tax_rates.archive', { id: tax.id, archived: false });
  expect(await list(ada)).toHaveLength(1);
});

test('a default is not archived away: another takes its place', async () => {
  const { ada } = await makeWorkspace(house);
  const old = await create(ada, { name: 'VAT 16 %', percent: '16' });
  const client = await call<{ client: { id: string } }>(house, ada, 'clients.create', {
    name: 'Acme',
    default_tax_id: old.id,
  });
  await call(house, ada, 'settings.update', { invoice: { default_tax_id: old.id } });
  const refusal = await refusalOf(call(house, ada, 'tax_rates.archive', { id: old.id }));
  expect(refusal.code).toBe('tax_in_use');
  expect(refusal.message).toMatch(/the default of 1 client and the workspace/);
  const next = await create(ada, { name: 'VAT 19 %', supersedes: old.id });
  expect((await list(ada)).map(({ id }) => id)).toEqual([next.id]);
  expect(await call(house, ada, 'clients.get', { id: client.client.id })).toMatchObject({
    client: { default_tax_id: next.id },
  });
  expect(await call(house, ada, 'settings.get')).toMatchObject({ invoice: { default_tax_id: next.id } });
});

test('a series of invoices goes on with the tax that took the place of its own', async () => {
  const { ada } = await makeWorkspace(house);
  const old = await create(ada, { name: 'VAT 16 %', percent: '16' });
  const series = await makeSeries(house, ada, {
    tax_ids: [old.id],
    lines: [
      { description: 'Support', unit_price: '500.00' },
      { description: 'Hosting', unit_price: '100.00', tax_ids: [old.id] },
    ],
  });
  await create(ada, { name: 'VAT 19 %', supersedes: old.id });
  expect(await call(house, ada, 'recurring_invoices.preview', { id: series.id })).toMatchObject({
    invoice: { total: '714.00' },
  });
});

test('taxes are made by admins; a connection without the admin scope makes none', async () => {
  const { ada, noor } = await makeWorkspace(house);
  expect((await refusalOf(create(noor, {}))).code).toBe('role_too_low');
  const via = { kind: 'grant', resource: 'mcp', coarse: 'stint:write' } as const;
  const refusal = await refusalOf(
    call(house, ada, 'tax_rates.create', { name: 'VAT', percent: '19' }, { via }),
  );
  expect(refusal).toMatchObject({ code: 'insufficient_scope', details: { missing: ['stint:admin'] } });
});
