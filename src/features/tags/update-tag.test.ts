import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf, type Person } from '#testing/people.ts';

const house = await openTestHouse();
interface One {
  tag: { id: string; name: string; version: number; archived: boolean };
}
const make = async (person: Person, name: string) =>
  (await call<One>(house, person, 'tags.create', { name })).tag;

test('renames, and counts the version', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await make(noor, 'Old');
  const { tag } = await call<One>(house, noor, 'tags.update', { id, name: 'New', expected_version: 1 });
  expect(tag).toMatchObject({ name: 'New', version: 2 });
});

test('refuses a change to something that changed since it was read, and says at which version it is', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await make(noor, 'Old');
  await call(house, noor, 'tags.update', { id, name: 'Newer' });
  const refusal = await refusalOf(
    call(house, noor, 'tags.update', { id, name: 'Mine', expected_version: 1 }),
  );
  expect(refusal).toMatchObject({ code: 'conflict_version', details: { current_version: 2 } });
});

test('of several who changed the same version at once, one did', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await make(noor, 'Old');
  const outcomes = await Promise.allSettled(
    ['A', 'B', 'C', 'D'].map((name) => call(house, noor, 'tags.update', { id, name, expected_version: 1 })),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('merging archives the tag and answers with the other', async () => {
  const { noor } = await makeWorkspace(house);
  const [from, into] = [await make(noor, 'Mtg'), await make(noor, 'Meeting')];
  const { tag } = await call<One>(house, noor, 'tags.update', { id: from.id, merge_into: into.id });
  expect(tag.id).toBe(into.id);
  const { data } = await call<{ data: One['tag'][] }>(house, noor, 'tags.list', { archived: true });
  expect(data.find(({ id }) => id === from.id)?.archived).toBe(true);
});

test('what carried both tags before a merge was not moved by it', async () => {
  const { noor } = await makeWorkspace(house);
  const [from, into] = [await make(noor, 'Mtg'), await make(noor, 'Meeting')];
  for (const tags of [[from.id], [from.id, into.id]]) {
    await call(house, noor, 'tasks.create', { summary: 'Logo', tags });
    await call(house, noor, 'time_entries.create', { duration: '1:00', tags });
  }
  const merged = await call(house, noor, 'tags.update', { id: from.id, merge_into: into.id });
  expect(merged).toMatchObject({ moved: 2, tag: { uses: 4 } });
});

test('a tag of another workspace answers exactly like one that never was', async () => {
  const here = await makeWorkspace(house);
  const there = await makeWorkspace(house);
  const { id } = await make(there.noor, 'Theirs');
  const foreign = await refusalOf(call(house, here.noor, 'tags.update', { id, name: 'x' }));
  const random = await refusalOf(
    call(house, here.noor, 'tags.update', { id: `${id.slice(0, -4)}0000`, name: 'x' }),
  );
  expect(JSON.stringify(foreign)).toBe(JSON.stringify(random));
  expect(foreign.message).toBe('Resource not found');
});

test('will not merge a tag away that is on time of a closed period', async () => {
  const { id: workspace, noor } = await makeWorkspace(house);
  const [from, into] = [await make(noor, 'Mtg'), await make(noor, 'Meeting')];
  const log = { date: '2026-01-05', duration: '1:00', tags: [from.id] };
  await call(house, noor, 'time_entries.create', log);
  await house.database.identity
    .updateTable('workspaces')
    .set({ lock_date: Temporal.PlainDate.from('2026-01-31') })
    .where('id', '=', workspace)
    .execute();
  const refusal = await refusalOf(call(house, noor, 'tags.update', { id: from.id, merge_into: into.id }));
  expect(refusal.code).toBe('tag_in_use');
});
