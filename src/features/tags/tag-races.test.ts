import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person } from '#testing/people.ts';

const house = await openTestHouse();
const make = async (person: Person, name: string) =>
  (await call<{ tag: { id: string } }>(house, person, 'tags.create', { name })).tag.id;

/** The codes of what was refused. */
const refused = async (calls: Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(calls)).flatMap((outcome) =>
    outcome.status === 'rejected' ? [(outcome.reason as { code?: unknown }).code] : [],
  );

test('of two tags that get the same name at the same moment one does', { timeout: 30_000 }, async () => {
  const { noor } = await makeWorkspace(house);
  for (let round = 0; round < 6; round += 1) {
    const ids = [await make(noor, `One ${round}`), await make(noor, `Two ${round}`)];
    const name = `Same ${round}`;
    const codes = await refused([
      ...ids.map((id) => call(house, noor, 'tags.update', { id, name })),
      call(house, noor, 'tags.create', { name }),
    ]);
    expect(codes).toEqual(['tag_name_taken', 'tag_name_taken']);
  }
});

test('a tag that is deleted at the same moment is there or not found', { timeout: 30_000 }, async () => {
  const { noor, teo } = await makeWorkspace(house);
  for (let round = 0; round < 6; round += 1) {
    const id = await make(noor, `Gone ${round}`);
    const codes = await refused([
      call(house, teo, 'tasks.create', { summary: 'Logo', tags: [id] }),
      call(house, noor, 'tags.delete', { id }),
      call(house, teo, 'time_entries.create', { duration: '1:00', tags: [id] }),
      call(house, noor, 'time_entries.create', { duration: '1:00', tags: [id] }),
    ]);
    expect(codes.filter((code) => code !== 'not_found')).toEqual([]);
  }
});

test('a tag is not merged into one that is deleted at the same moment', { timeout: 30_000 }, async () => {
  const { noor, teo } = await makeWorkspace(house);
  for (let round = 0; round < 6; round += 1) {
    const [id, into] = [await make(noor, `From ${round}`), await make(noor, `Into ${round}`)];
    await call(house, teo, 'tasks.create', { summary: 'Logo', tags: [id] });
    const codes = await refused([
      call(house, noor, 'tags.update', { id, merge_into: into }),
      call(house, noor, 'tags.delete', { id: into }),
    ]);
    expect(codes.filter((code) => code !== 'not_found')).toEqual([]);
  }
});
