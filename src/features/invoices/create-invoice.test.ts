import { expect, test } from 'vitest';
import type { Refusal } from '#values/refusal.ts';
import { openTestHouse } from '#testing/house.ts';
import { type InvoiceAnswer, makeClient, makeInvoice, type TestInvoice } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf, type TestWorkspace } from '#testing/people.ts';
import { log, look, makeProject } from '#testing/time.ts';

const house = await openTestHouse();

interface Draft extends InvoiceAnswer {
  invoice: TestInvoice & { net: string; tax: string };
  included_entries: number;
  excluded: { reason: string; count: number }[];
}

const workFor = ({ noor }: TestWorkspace, rate: string | null = '90.00') =>
  makeClient(house, noor, rate === null ? {} : { rate });
const draft = (person: TestWorkspace['noor'], input: object) =>
  call<Draft>(house, person, 'invoices.create', input);

test('puts the unbilled time of a client on a draft, one line a task, and locks it', async () => {
  const workspace = await makeWorkspace(house);
  const { noor, teo } = workspace;
  const { client, project } = await workFor(workspace);
  const first = await log(house, teo, { project_id: project, date: '2026-10-01', duration_seconds: 3600 });
  await log(house, teo, { project_id: project, date: '2026-10-02', duration_seconds: 1200 });
  const idle = await log(house, teo, {
    project_id: project,
    date: '2026-10-02',
    duration_seconds: 600,
    billable: false,
  });
  const { invoice, included_entries, excluded } = await draft(noor, { client_id: client, from_time: {} });
  expect(invoice).toMatchObject({
    number: null,
    status: 'draft',
    total: '120.00',
    period: { from: '2026-10-01', to: '2026-10-02' },
  });
  expect(invoice.lines).toMatchObject([
    { unit_price: '90.00', quantity: '1.333333', net: '120.00', billed_seconds: 4800 },
  ]);
  expect(included_entries).toBe(2);
  expect(excluded).toEqual([{ reason: 'not_billable', count: 1, entry_ids: [idle.id] }]);

  expect(await look(house, teo, first.id)).toMatchObject({
    entry: { locked_by: 'invoice', invoice: { id: invoice.id, status: 'draft' } },
  });
  const refused = await refusalOf(
    call(house, teo, 'time_entries.update', { id: first.id, description: 'More' }),
  );
  expect(refused).toMatchObject({ code: 'entry_locked', details: { invoice_id: invoice.id } });
  expect(await refusalOf(call(house, teo, 'time_entries.delete', { id: first.id }))).toMatchObject({
    code: 'entry_locked',
  });
});

test('bills no time twice: what is on a draft is left out, and named when it was asked for', async () => {
  const workspace = await makeWorkspace(house);
  const { noor, teo } = workspace;
  const { client, project } = await workFor(workspace);
  const entry = await log(house, teo, { project_id: project, date: '2026-10-01', duration_seconds: 3600 });
  const { invoice } = await draft(noor, { client_id: client, from_time: {} });
  const again = await refusalOf(draft(noor, { client_id: client, from_time: {} }));
  expect(again).toMatchObject({
    code: 'nothing_to_invoice',
    details: { excluded: [{ reason: 'already_invoiced', count: 1 }] },
  });
  const named = await refusalOf(draft(noor, { client_id: client, from_time: { entry_ids: [entry.id] } }));
  expect(named).toMatchObject({
    code: 'already_invoiced',
    details: { entries: [{ id: entry.id, invoice_id: invoice.id }] },
  });

  expect(await call(house, noor, 'invoices.delete', { id: invoice.id })).toMatchObject({
    released_entries: 1,
  });
  expect(await look(house, teo, entry.id)).toMatchObject({ entry: { locked_by: null, invoice: null } });
  expect(
    (await draft(noor, { client_id: client, from_time: { entry_ids: [entry.id] } })).included_entries,
  ).toBe(1);
});

test('of two who want the same time at once, one gets it', async () => {
  const workspace = await makeWorkspace(house);
  const { noor, ada, teo } = workspace;
  const { client, project } = await workFor(workspace);
  const entry = await log(house, teo, { project_id: project, date: '2026-10-01', duration_seconds: 3600 });
  const asked = [noor, ada, noor, ada].map((person) =>
    draft(person, { client_id: client, from_time: { entry_ids: [entry.id] } }).then(
      () => 'made',
      (error: unknown) => (error as Refusal).code,
    ),
  );
  expect((await Promise.all(asked)).toSorted()).toEqual([
    'already_invoiced',
    'already_invoiced',
    'already_invoiced',
    'made',
  ]);
});

test('rounds what is billed as the call says, and never what was worked', async () => {
  const workspace = await makeWorkspace(house);
  const { noor, teo } = workspace;
  const { client, project } = await workFor(workspace, '60.00');
  for (const duration_seconds of [100, 200, 800])
    await log(house, teo, { project_id: project, date: '2026-10-01', duration_seconds });
  const rounding = { mode: 'up', increment_seconds: 900 };
  const total = async (scope: string) =>
    (
      await call<Draft>(house, noor, 'invoices.create', {
        client_id: client,
        dry_run: true,
        from_time: { rounding: { ...rounding, scope } },
      })
    ).invoice;
  expect(await total('entry')).toMatchObject({
    total: '45.00',
    lines: [{ raw_seconds: 1100, billed_seconds: 2700 }],
  });
  expect(await total('line')).toMatchObject({
    total: '30.00',
    lines: [{ raw_seconds: 1100, billed_seconds: 1800 }],
  });
});

test('takes free lines with taxes and discounts', async () => {
  const workspace = await makeWorkspace(house);
  const { noor, ada } = workspace;
  const { client } = await workFor(workspace);
  const { tax_rate } = await call<{ tax_rate: { id: string } }>(house, ada, 'tax_rates.create', {
    name: 'VAT',
    percent: '19',
    category: 'S',
  });
  const { invoice } = await draft(noor, {
    client_id: client,
    tax_ids: [tax_rate.id],
    discount: { percent: '10' },
    lines: [
      { description: 'Logo', unit_price: '500.00' },
      {
        description: 'Cards',
        quantity: '2.5',
        unit: 'piece',
        unit_price: '33.33',
        discount: { amount: '3.33' },
      },
    ],
  });
  expect(invoice).toMatchObject({
    subtotal: '580.00',
    discount: '58.00',
    net: '522.00',
    tax: '99.18',
    total: '621.18',
  });
});

test('quotes what the client wants quoted, as long as a client may have it', async () => {
  const { noor } = await makeWorkspace(house);
  const buyer_reference = 'R'.repeat(200);
  const { client } = await makeClient(house, noor, { buyer_reference });
  expect(await makeInvoice(house, noor, { client })).toMatchObject({ buyer_reference });
});

test('refuses amounts that no invoice can come to', async () => {
  const { noor } = await makeWorkspace(house);
  const lines = [{ description: 'Moon', quantity: '999999999', unit_price: '9999999999999' }];
  const refused = await refusalOf(makeInvoice(house, noor, { lines }));
  expect(refused).toMatchObject({ code: 'validation_failed', field: 'lines' });
});

const makeTax = async (workspace: TestWorkspace, input: object): Promise<string> =>
  (
    await call<{ tax_rate: { id: string } }>(house, workspace.ada, 'tax_rates.create', {
      name: 'VAT',
      percent: '19',
      ...input,
    })
  ).tax_rate.id;

test('a line has one VAT category, beside what is withheld', async () => {
  const workspace = await makeWorkspace(house);
  const { noor } = workspace;
  const vat = await makeTax(workspace, {});
  const local = await makeTax(workspace, { name: 'Local', percent: '2', compound_order: 1 });
  const held = await makeTax(workspace, { name: 'Held back', percent: '15', withholding: true });
  const reverse = { name: 'Reverse', percent: '0', category: 'AE', exemption_code: 'VATEX-EU-AE' };
  const both = [await makeTax(workspace, reverse), vat];
  const line = { description: 'Work', unit_price: '100.00' };
  const refused = await refusalOf(makeInvoice(house, noor, { lines: [line, { ...line, tax_ids: both }] }));
  expect(refused).toMatchObject({ code: 'validation_failed', field: 'lines[1].tax_ids' });
  expect(refused.message).toContain('"Reverse" (category AE) and "VAT" (S) cannot be on one line');
  expect(await refusalOf(makeInvoice(house, noor, { tax_ids: both }))).toMatchObject({ field: 'tax_ids' });
  const made = await makeInvoice(house, noor, {
    lines: [
      { ...line, tax_ids: [vat, local, held] },
      { ...line, tax_ids: both.slice(0, 1) },
    ],
  });
  const changed = { id: made.id, update_lines: [{ id: made.lines[0]!.id, tax_ids: both }] };
  expect(await refusalOf(call(house, noor, 'invoices.update', changed))).toMatchObject({
    code: 'validation_failed',
    field: 'update_lines[0].tax_ids',
  });
});

test('an archived tax goes on no line', async () => {
  const workspace = await makeWorkspace(house);
  const tax = await makeTax(workspace, {});
  await call(house, workspace.ada, 'tax_rates.archive', { id: tax });
  const lines = [{ description: 'Work', unit_price: '100.00', tax_ids: [tax] }];
  for (const given of [{ tax_ids: [tax] }, { lines }])
    expect(await refusalOf(makeInvoice(house, workspace.noor, given))).toMatchObject({
      code: 'tax_archived',
    });
});

test('a line names no project of another client', async () => {
  const workspace = await makeWorkspace(house);
  const { noor } = workspace;
  const { client, project } = await workFor(workspace);
  const other = await workFor(workspace);
  const inside = await makeProject(house, noor, { name: 'Inside' });
  const line = (project_id: string) => ({ description: 'Work', unit_price: '100.00', project_id });
  const wrong = draft(noor, { client_id: client, lines: [line(project), line(other.project)] });
  const refused = await refusalOf(wrong);
  expect(refused).toMatchObject({ code: 'validation_failed', field: 'lines[1].project_id' });
  expect(refused.message).toContain('is a project of another client');
  const { invoice } = await draft(noor, { client_id: client, lines: [line(project), line(inside)] });
  const update_lines = [{ id: invoice.lines[0]!.id, project_id: other.project }];
  expect(
    await refusalOf(call(house, noor, 'invoices.update', { id: invoice.id, update_lines })),
  ).toMatchObject({ field: 'update_lines[0].project_id' });
});
