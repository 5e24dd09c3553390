import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');

interface Kept {
  readonly id: string;
  readonly version: number;
  readonly updated_at?: string;
}

// What each noun is made from, a change that says what is so already, one that is one, and one of what stands in another table.
const nouns = [
  {
    noun: 'tags',
    key: 'tag',
    made: { name: 'Red' },
    same: { name: 'Red', archived: false },
    other: { name: 'Blue' },
  },
  {
    noun: 'clients',
    key: 'client',
    made: { name: 'Acme', country: 'DE' },
    same: { name: 'Acme', country: 'de', email: null },
    other: { tax_id: 'DE1' },
    beside: { contacts: [{ name: 'Ann' }] },
  },
  {
    noun: 'projects',
    key: 'project',
    made: { name: 'Site' },
    same: { name: 'Site', archived: false, client_id: null },
    other: { code: 'S' },
    beside: { budget: { kind: 'seconds', seconds: 3600 } },
  },
  {
    noun: 'tasks',
    key: 'task',
    made: { summary: 'Logo' },
    same: { summary: 'Logo', status: 'open', assignee_id: null },
    other: { status: 'done' },
    beside: { note_append: 'blue, they said' },
  },
  {
    noun: 'time_entries',
    key: 'entry',
    made: { date: '2026-10-05', duration: '1:00', description: 'Lab' },
    same: { description: 'Lab' },
    other: { duration: '2:00' },
    beside: { tags: ['red'] },
  },
] as const;

test.each(nouns)('$noun: a change that changes nothing leaves the version as it was', async (each) => {
  const { mara } = await makeWorkspace(house);
  const act = async (verb: string, input: object): Promise<Kept> =>
    (await call<Record<string, Kept>>(house, mara, `${each.noun}.${verb}`, input))[each.key]!;
  const { id, version } = await act('create', each.made);
  expect((await act('update', { id, ...each.same })).version).toBe(version);
  expect((await act('update', { id, ...each.other, expected_version: version })).version).toBe(version + 1);
  if ('beside' in each) expect((await act('update', { id, ...each.beside })).version).toBe(version + 2);
});
