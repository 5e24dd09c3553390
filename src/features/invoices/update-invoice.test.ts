import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeClient, makeInvoice, type InvoiceAnswer } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { log, look } from '#testing/time.ts';

const house = await openTestHouse();

test('changes lines, adds time and takes it off again', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { client, project } = await makeClient(house, noor, { rate: '60' });
  const { id, lines } = await makeInvoice(house, noor, { client });
  const entries = [];
  for (const duration_seconds of [3600, 1800]) {
    entries.push(await log(house, teo, { project_id: project, date: '2026-10-01', duration_seconds }));
  }
  const update = async (input: object) =>
    (await call<InvoiceAnswer>(house, noor, 'invoices.update', { id, ...input })).invoice;
  expect(
    await update({ update_lines: [{ id: lines[0]!.id, quantity: '1', unit_price: '80' }] }),
  ).toMatchObject({ total: '130.00' });
  expect(await update({ remove_line_ids: [lines[1]!.id] })).toMatchObject({ total: '80.00' });
  const withTime = await update({ from_time: {} });
  expect(withTime).toMatchObject({ total: '170.00' });
  const time = withTime.lines[1]!;
  const refused = await refusalOf(update({ update_lines: [{ id: time.id, quantity: '9' }] }));
  expect(refused).toMatchObject({ code: 'validation_failed', field: 'update_lines[0].quantity' });
  expect(await update({ remove_entry_ids: [entries[0]!.id] })).toMatchObject({ total: '110.00' });
  expect(await look(house, teo, entries[0]!.id)).toMatchObject({ entry: { locked_by: null } });
  const ordered = await update({ line_order: [time.id] });
  expect(ordered.lines.map((line) => line.id)).toEqual([time.id, lines[0]!.id]);
  expect((await update({ remove_entry_ids: [entries[1]!.id] })).lines).toHaveLength(1);
});

test('refuses a change to another version than was read', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, version } = await makeInvoice(house, noor);
  await call(house, noor, 'invoices.update', { id, notes: 'First', expected_version: version });
  const late = call(house, noor, 'invoices.update', { id, notes: 'Second', expected_version: version });
  expect(await refusalOf(late)).toMatchObject({ code: 'conflict_version' });
});

test('the period that was asked for stays until its time changes', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { client, project } = await makeClient(house, noor, { rate: '60' });
  for (const date of ['2026-09-07', '2026-09-21'])
    await log(house, teo, { project_id: project, date, duration_seconds: 3600 });
  const { invoice } = await call<InvoiceAnswer>(house, noor, 'invoices.create', {
    client_id: client,
    from_time: { from: '2026-09-01', to: '2026-09-30', group_by: 'day' },
  });
  const update = (input: object) => call(house, noor, 'invoices.update', { id: invoice.id, ...input });
  expect(await update({ notes: 'Thank you' })).toMatchObject({
    invoice: { period: { from: '2026-09-01', to: '2026-09-30' } },
  });
  const [first, second] = invoice.lines.map(({ id }) => id);
  expect(await update({ remove_line_ids: [first] })).toMatchObject({
    invoice: { period: { from: '2026-09-21', to: '2026-09-21' } },
  });
  expect(await update({ remove_line_ids: [second] })).toMatchObject({ invoice: { period: null } });
});
