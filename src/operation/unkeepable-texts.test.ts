import { beforeAll, expect, test } from 'vitest';
import { openTestHouse, type TestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf, type TestWorkspace } from '#testing/people.ts';

let house: TestHouse;
let workspace: TestWorkspace;
beforeAll(async () => {
  house = await openTestHouse();
  workspace = await makeWorkspace(house);
});

test.each([
  ['tags.create', { name: 'a\0b' }, 'name'],
  ['tags.create', { name: '\ud800' }, 'name'],
  [
    'tags.create',
    { name: 'a', idempotency_key: '\udc00\udc00\udc00\udc00\udc00\udc00\udc00\udc00' },
    'idempotency_key',
  ],
  ['clients.create', { name: 'a', currency: 'EUR', contacts: [{ name: 'b\0' }] }, 'contacts[0].name'],
  ['search.find', { q: '\0' }, 'q'],
])('%s %j: a text that cannot be kept is refused by name', async (name, input, field) => {
  const refusal = await refusalOf(call(house, workspace.mara, name, input));
  expect(refusal).toMatchObject({ code: 'validation_failed', field });
  expect(refusal.message).toBe(
    `${field} holds a character that is not text: NUL, or half of a surrogate pair.`,
  );
});

test('every other character is kept as it is', async () => {
  const name = '👩‍👩‍👧 \u202etxet\u202c\u200f \u0001 ﷽';
  const { tag } = await call<{ tag: { name: string } }>(house, workspace.mara, 'tags.create', { name });
  expect(tag.name).toBe(name);
});

test('a handler is given its own arguments: a key is not a column of a client', async () => {
  const input = { name: 'Acme', currency: 'EUR', idempotency_key: 'first-client' };
  const made = await call<{ client: { id: string } }>(house, workspace.mara, 'clients.create', input);
  const again = await call<typeof made>(house, workspace.mara, 'clients.create', input);
  expect(again).toEqual({ ...made, meta: { replayed: true } });
});

test.each([
  ['tags.list', ['a\0', 'b']],
  ['tags.list', [1, 2]],
  ['timers.list', ['infinity', 'ten_0']],
  ['time_entries.list', ['2026-13-45', null, 'x']],
  ['clients.list', ['name', '\ud800', 'x']],
  ['clients.list', ['newest', 'a', 'x']],
])('%s: the cursor %j was not written here and is refused', async (name, key) => {
  const cursor = Buffer.from(JSON.stringify(key)).toString('base64url');
  expect((await refusalOf(call(house, workspace.mara, name, { cursor }))).field).toBe('cursor');
});
