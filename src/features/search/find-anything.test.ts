import { expect, test } from 'vitest';
import type { Scope } from '#operation/scopes.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();
interface Found {
  data: { type: string; label: string; context: string | null; id: string; score: number }[];
  meta: { has_more: boolean; searched: string[]; warnings?: string[] };
}

const setUp = async () => {
  const workspace = await makeWorkspace(house);
  const { noor } = workspace;
  const made = async (name: string, input: object): Promise<string> => {
    const answer = await call<Record<string, { id: string }>>(house, noor, name, input);
    return Object.values(answer)[0]!.id;
  };
  const acme = await made('clients.create', { name: 'Acme' });
  const other = await made('clients.create', { name: 'Globex' });
  const site = await made('projects.create', { name: 'Website', client_id: acme, code: 'AC-7' });
  await made('projects.create', { name: 'Website', client_id: other });
  await made('tasks.create', { summary: 'Draw the website logo', project_id: site });
  await made('tags.create', { name: 'web' });
  const find = (q: string, more: object = {}, scopes?: Scope[]) =>
    call<Found>(house, noor, 'search.find', { q, ...more }, scopes === undefined ? {} : { scopes });
  return { ...workspace, acme, site, made, find };
};

test('finds by name, whatever the case, the very name first', async () => {
  const { find } = await setUp();
  const { data } = await find('WEB');
  expect(data[0]).toMatchObject({ type: 'tag', label: 'web', score: 1 });
  expect(data.map(({ type }) => type).sort()).toEqual(['project', 'project', 'tag', 'task']);
});

test('small letters are those of the store, for what is asked as for what is found', async () => {
  const { find, made } = await setUp();
  await made('clients.create', { name: 'İstanbul Ärzte' });
  expect((await find('İstanbul')).data).toMatchObject([{ label: 'İstanbul Ärzte', score: 0.9 }]);
  expect((await find('ärzte')).data).toHaveLength(1);
});

test('takes the words of name and context together, so that one of two alike is found', async () => {
  const { find, site } = await setUp();
  const { data } = await find('acme website', { types: ['project'] });
  expect(data).toMatchObject([{ id: site, context: 'Acme' }]);
  expect((await find('ac-7')).data[0]).toMatchObject({ id: site });
  expect((await find('logo acme')).data).toMatchObject([{ type: 'task', context: 'Website · Acme' }]);
});

test('searches only what the connection may read, in the context as well, and says what it searched', async () => {
  const { find } = await setUp();
  const answer = await find('website', {}, ['mcp', 'projects:read']);
  expect(answer.meta.searched).toEqual(['project']);
  expect(answer.data.map(({ context }) => context)).toEqual([null, null]);
  expect((await find('acme', {}, ['mcp', 'projects:read', 'tasks:read'])).data).toEqual([]);
  const both = await find('website', { types: ['project', 'client'] }, ['mcp', 'projects:read']);
  expect(both.meta.warnings).toEqual(['Not searched for lack of permission: clients:read.']);
  const refusal = await refusalOf(find('x', { types: ['tag'] }, ['mcp', 'projects:read']));
  expect(refusal).toMatchObject({ code: 'insufficient_scope', details: { missing: ['tags:read'] } });
  expect((await refusalOf(find('x', {}, ['mcp', 'profile:read']))).code).toBe('insufficient_scope');
});

test('finds people by name, and private projects only for those who see them', async () => {
  const { find, made, teo } = await setUp();
  expect((await find('teo')).data).toMatchObject([
    { type: 'member', label: 'Teo', context: 'member', id: teo.membershipId },
  ]);
  const secret = await made('projects.create', { name: 'Secret', private: true });
  await made('tasks.create', { summary: 'Secret task', project_id: secret });
  expect((await find('secret')).data).toHaveLength(2);
  expect((await call<Found>(house, teo, 'search.find', { q: 'secret' })).data).toEqual([]);
});

test('says when there is more, and puts what is archived or done last', async () => {
  const { acme, find, made, noor } = await setUp();
  await call(house, noor, 'clients.update', { id: acme, archived: true });
  await made('clients.create', { name: 'Acme Holding' });
  const { data, meta } = await find('acme', { types: ['client'] });
  expect(data.map(({ label }) => label)).toEqual(['Acme Holding', 'Acme']);
  expect(meta.has_more).toBe(false);
  expect(await find('acme', { limit: 1 })).toMatchObject({ meta: { has_more: true, returned: 1 } });
});

test('text that means something to a database is only text', async () => {
  const { find } = await setUp();
  for (const q of ['%', '_', "'; drop table tags; --", '\\', '(']) expect((await find(q)).data).toBeDefined();
});
