import { expect, test } from 'vitest';
import type { Scope } from '#operation/scopes.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { logTime } from '#testing/work.ts';

const house = await openTestHouse();
interface Client {
  id: string;
  name: string;
  rate?: string | null;
  unbilled?: { seconds: number; amounts?: { amount: string; currency: string }[] };
}
interface List {
  data: Client[];
  meta: { next_cursor: string | null; omitted?: { path: string; requires: string }[] };
}

const withClients = async (...names: string[]) => {
  const workspace = await makeWorkspace(house);
  const clients: Client[] = [];
  for (const name of names) {
    const { client } = await call<{ client: Client }>(house, workspace.noor, 'clients.create', {
      name,
      rate: '80',
    });
    clients.push(client);
  }
  return { ...workspace, clients };
};

test('pages through every client once, in every order', async () => {
  const { vera } = await withClients('delta', 'Alpha', 'charlie', 'Bravo', 'Echo');
  for (const [sort, names] of [
    ['name', 'Alpha Bravo charlie delta Echo'],
    ['newest', 'Echo Bravo charlie Alpha delta'],
    ['changed', 'Echo Bravo charlie Alpha delta'],
  ]) {
    const seen: string[] = [];
    for (let cursor: string | null | undefined = undefined; cursor !== null;) {
      const { data, meta }: List = await call(house, vera, 'clients.list', {
        sort,
        limit: 2,
        cursor,
      });
      seen.push(...data.map(({ name }) => name));
      cursor = meta.next_cursor;
    }
    expect(seen.join(' ')).toBe(names);
  }
});

test('a cursor of one order is refused in another', async () => {
  const { vera } = await withClients('A', 'B');
  const { meta } = await call<List>(house, vera, 'clients.list', { limit: 1 });
  const refusal = await refusalOf(
    call(house, vera, 'clients.list', { sort: 'newest', cursor: meta.next_cursor }),
  );
  expect(refusal).toMatchObject({ code: 'validation_failed', field: 'cursor' });
});

test('adds up unbilled time per rate and currency, each rounded once', async () => {
  const { noor, teo, clients } = await withClients('Acme', 'Idle');
  const clientId = clients[0]!.id;
  for (let index = 0; index < 3; index += 1) await logTime(house, teo, { clientId, seconds: 1, rate: 600n });
  await logTime(house, teo, { clientId, seconds: 1800, rate: 8000n });
  await logTime(house, teo, { clientId, seconds: 3600, rate: 9000n, currency: 'USD' });
  await logTime(house, teo, { clientId, seconds: 60 });
  await logTime(house, teo, { clientId, seconds: 999, billable: false, rate: 8000n });
  const { data } = await call<List>(house, noor, 'clients.list', { has_unbilled: true });
  expect(data).toHaveLength(1);
  expect(data[0]).toMatchObject({
    name: 'Acme',
    rate: '80.00',
    unbilled: {
      seconds: 5463,
      amounts: [
        { amount: '40.01', currency: 'EUR' },
        { amount: '90.00', currency: 'USD' },
      ],
    },
  });
  const idle = await call<List>(house, noor, 'clients.list', { has_unbilled: false });
  expect(idle.data.map(({ name }) => name)).toEqual(['Idle']);
});

test('a member sees hours but no money unless the workspace allows it, and is told so', async () => {
  const { teo, clients } = await withClients('Acme');
  await logTime(house, teo, { clientId: clients[0]!.id, rate: 8000n });
  const { data, meta } = await call<List>(house, teo, 'clients.list');
  expect(data[0]).not.toHaveProperty('rate');
  expect(data[0]!.unbilled).toEqual({ seconds: 3600 });
  expect(meta.omitted).toEqual([
    { path: 'data[].rate', requires: 'role' },
    { path: 'data[].unbilled.amounts', requires: 'role' },
  ]);
});

test('counts no time that the lists do not show: a member’s own, everybody’s for managers, private projects too', async () => {
  const { noor, teo, clients } = await withClients('Acme');
  const [{ id: clientId }] = clients as [Client];
  const { project } = await call<{ project: Client }>(house, noor, 'projects.create', {
    name: 'Secret',
    client_id: clientId,
    private: true,
  });
  await logTime(house, noor, { clientId, projectId: project.id, seconds: 500, rate: 8000n });
  const seen = async (person: typeof teo, more: object = {}) =>
    (await call<List>(house, person, 'clients.list', more)).data.map(({ unbilled }) => unbilled?.seconds);
  expect(await seen(noor)).toEqual([500]);
  expect(await seen(teo)).toEqual([0]);
  expect(await seen(teo, { has_unbilled: true })).toEqual([]);
  await logTime(house, teo, { clientId, seconds: 60 });
  expect(await seen(noor)).toEqual([560]);
  expect(await seen(teo, { has_unbilled: true })).toEqual([60]);
  const { client } = await call<{ client: Client }>(house, teo, 'clients.get', { id: clientId });
  expect(client.unbilled).toEqual({ seconds: 60 });
});

test('without time:read there is no unbilled time, neither shown nor by asking for it', async () => {
  const { noor } = await withClients('Acme');
  const acting = { scopes: ['mcp', 'clients:read'] as Scope[] };
  const { data, meta } = await call<List>(house, noor, 'clients.list', {}, acting);
  expect(data[0]).not.toHaveProperty('unbilled');
  expect(meta.omitted).toEqual([{ path: 'data[].unbilled', requires: 'time:read' }]);
  const refusal = await refusalOf(call(house, noor, 'clients.list', { has_unbilled: true }, acting));
  expect(refusal).toMatchObject({ code: 'insufficient_scope', details: { missing: ['time:read'] } });
});

test('another workspace’s clients are not there', async () => {
  await withClients('Theirs');
  const { vera } = await withClients('Ours');
  const { data } = await call<List>(house, vera, 'clients.list');
  expect(data.map(({ name }) => name)).toEqual(['Ours']);
});
