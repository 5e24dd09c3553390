import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeInvoice } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { logTime } from '#testing/work.ts';

const house = await openTestHouse();

const withClient = async () => {
  const workspace = await makeWorkspace(house);
  const { client } = await call<{ client: { id: string } }>(house, workspace.noor, 'clients.create', {
    name: 'Acme',
  });
  return { ...workspace, client: client.id };
};

test('an unused client goes, and a dry run says so first without doing it', async () => {
  const { ada, client } = await withClient();
  const dry = await call(house, ada, 'clients.delete', { id: client, dry_run: true });
  expect(dry).toMatchObject({ deleted: client, meta: { dry_run: true } });
  expect((await call(house, ada, 'clients.list'))['data']).toHaveLength(1);
  await call(house, ada, 'clients.delete', { id: client });
  expect((await call(house, ada, 'clients.list'))['data']).toHaveLength(0);
  expect((await call(house, ada, 'clients.list', { deleted: true }))['data']).toHaveLength(1);
  expect((await refusalOf(call(house, ada, 'clients.get', { id: client }))).code).toBe('not_found');
});

test('a client with time is not deleted, and the refusal says what to do instead', async () => {
  const { ada, teo, client } = await withClient();
  await logTime(house, teo, { clientId: client });
  const refusal = await refusalOf(call(house, ada, 'clients.delete', { id: client }));
  expect(refusal).toMatchObject({
    code: 'client_in_use',
    details: { projects: 0, tasks: 0, time_entries: 1 },
    fixTool: 'clients.update',
  });
});

test('a client with an invoice or a series of them is not deleted: they would be nobody’s', async () => {
  const { ada, client } = await withClient();
  const line = { description: 'Care', quantity: '1', unit_price: '10' };
  const series = await call<{ recurring_invoice: { id: string } }>(house, ada, 'recurring_invoices.create', {
    client_id: client,
    name: 'Care',
    schedule: { freq: 'monthly' },
    starts_on: '2099-01-01',
    source: 'lines',
    lines: [line],
  });
  const refused = () => refusalOf(call(house, ada, 'clients.delete', { id: client }));
  expect((await refused()).message).toContain('This client has 1 recurring invoice, so');
  await call(house, ada, 'recurring_invoices.delete', { id: series.recurring_invoice.id });
  await makeInvoice(house, ada, { client, lines: [line] });
  expect(await refused()).toMatchObject({ code: 'client_in_use', details: { invoices: 1 } });
});

test('a manager may not delete clients', async () => {
  const { noor, client } = await withClient();
  expect((await refusalOf(call(house, noor, 'clients.delete', { id: client }))).message).toBe(
    'Access denied',
  );
});
