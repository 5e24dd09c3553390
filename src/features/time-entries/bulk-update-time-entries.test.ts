import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { approve, log, look, makeProject } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');
interface Bulk {
  results: { index: number; id?: string; error?: { code: string } }[];
  succeeded: number;
  failed: number;
}
const bulk = (person: Person, input: object) => call<Bulk>(house, person, 'time_entries.bulk_update', input);
const day = (date: string, more: object = {}) => ({ date, duration: '1:00', ...more });

test('refuses a patch that changes nothing', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await log(house, noor, day('2026-10-01'));
  expect(await refusalOf(bulk(noor, { ids: [id], patch: {} }))).toMatchObject({ field: 'patch' });
});

test('makes one change to many, by id', async () => {
  const { noor } = await makeWorkspace(house);
  const project_id = await makeProject(house, noor, { rate: '70.00' });
  const [one, two] = [await log(house, noor, day('2026-10-01')), await log(house, noor, day('2026-10-02'))];
  const { succeeded } = await bulk(noor, {
    ids: [one.id, two.id, one.id],
    patch: { project_id, billable: false },
  });
  expect(succeeded).toBe(2);
  expect((await look(house, noor, two.id)).entry).toMatchObject({
    project: { id: project_id },
    billable: false,
    rate: '70.00',
  });
});

test('adds and takes off tags without touching the others, by filter', async () => {
  const { noor } = await makeWorkspace(house);
  const one = await log(house, noor, day('2026-10-01', { tags: ['keep', 'drop'] }));
  const two = await log(house, noor, day('2026-10-02', { tags: ['drop'] }));
  const patch = { add_tags: ['new'], remove_tags: ['Drop', 'never was'] };
  expect((await bulk(noor, { filter: { to: '2026-10-01' }, patch })).results).toEqual([
    { index: 0, id: one.id },
  ]);
  expect((await look(house, noor, one.id)).entry.tags!.map(({ name }) => name)).toEqual(['keep', 'new']);
  expect((await look(house, noor, two.id)).entry.tags!.map(({ name }) => name)).toEqual(['drop']);
  const { data } = await call<{ data: { name: string }[] }>(house, noor, 'tags.list');
  expect(data.map(({ name }) => name)).not.toContain('never was');
});

test('is all or nothing unless told otherwise', async () => {
  const { noor } = await makeWorkspace(house);
  const [one, two] = [await log(house, noor, day('2026-10-01')), await log(house, noor, day('2026-10-02'))];
  await approve(house, two.id);
  const input = { ids: [one.id, two.id], patch: { description: 'x' } };
  expect(await refusalOf(bulk(noor, input))).toMatchObject({ code: 'entry_locked', field: 'ids[1]' });
  expect((await look(house, noor, one.id)).entry.description).toBe('');
  expect(await bulk(noor, { ...input, atomic: false })).toMatchObject({
    succeeded: 1,
    results: [{ id: one.id }, { error: { code: 'entry_locked' } }],
  });
});

test('a member cannot reach others’ time by it, by id or by filter', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { id } = await log(house, noor, day('2026-10-01'));
  const patch = { description: 'x' };
  expect((await refusalOf(bulk(teo, { ids: [id], patch }))).code).toBe('access_denied');
  expect(await refusalOf(bulk(teo, { filter: { all_members: true }, patch }))).toMatchObject({
    code: 'access_denied',
    field: 'filter.all_members',
  });
  const reversed = { from: '2026-10-02', to: '2026-10-01' };
  expect((await refusalOf(bulk(teo, { filter: reversed, patch }))).message).toBe(
    'filter.from, 2026-10-02, is after filter.to, 2026-10-01: nothing lies between.',
  );
  expect((await bulk(teo, { filter: {}, patch })).succeeded).toBe(0);
});

test('wants ids or a filter, and a filter that chooses at most 200', async () => {
  const { noor } = await makeWorkspace(house);
  expect((await refusalOf(bulk(noor, { patch: { billable: true } }))).field).toBe('ids');
  for (let round = 0; round < 3; round += 1)
    await call(house, noor, 'time_entries.bulk_create', { items: Array(67).fill(day('2026-10-01')) });
  expect((await refusalOf(bulk(noor, { filter: {}, patch: { billable: true } }))).message).toContain(
    'more than 200',
  );
});
