import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { newId } from '#values/id.ts';

const house = await openTestHouse();

test('does not show an answer again to another role or another connection, and does not repeat the call', async () => {
  const { ada, noor } = await makeWorkspace(house);
  const once = { name: 'Once', idempotency_key: 'of-a-manager' };
  await call(house, noor, 'tags.create', once);
  const via = { kind: 'grant', id: newId('con', house.clock()), name: 'App' } as const;
  expect((await refusalOf(call(house, noor, 'tags.create', once, { via }))).code).toBe('replay_refused');
  await house.database.identity
    .updateTable('memberships')
    .set({ role: 'member' })
    .where('id', '=', noor.membershipId)
    .execute();
  expect((await refusalOf(call(house, noor, 'tags.create', once))).code).toBe('replay_refused');
  const { data } = await call<{ data: unknown[] }>(house, ada, 'tags.list');
  expect(data).toHaveLength(1);
});

test('makes a tag that the list then shows', async () => {
  const { teo } = await makeWorkspace(house);
  await call(house, teo, 'tags.create', { name: 'Deep work', color: 3 });
  const { data } = await call<{ data: object[] }>(house, teo, 'tags.list');
  expect(data).toEqual([expect.objectContaining({ name: 'Deep work', color: 3, uses: 0, archived: false })]);
});

test('will not make a second tag of that name whatever the case, and names the first', async () => {
  const { teo } = await makeWorkspace(house);
  const { tag } = await call<{ tag: { id: string } }>(house, teo, 'tags.create', { name: 'Travel' });
  const refusal = await refusalOf(call(house, teo, 'tags.create', { name: 'tRAVEL' }));
  expect(refusal.code).toBe('tag_name_taken');
  expect(refusal.message).toContain(tag.id);
});

test('gives the first answer again for the same idempotency key, and refuses another call with it', async () => {
  const { teo } = await makeWorkspace(house);
  const once = { name: 'Once', idempotency_key: 'the-same-key' };
  const first = await call<{ tag: object }>(house, teo, 'tags.create', once);
  const again = await call<{ tag: object }>(house, teo, 'tags.create', once);
  expect(again).toEqual({ ...first, meta: { replayed: true } });
  const other = await refusalOf(call(house, teo, 'tags.create', { ...once, name: 'Other' }));
  expect(other.code).toBe('idempotency_conflict');
});

test('two calls at the same moment with one key make one tag', async () => {
  const { teo } = await makeWorkspace(house);
  const once = { name: 'Parallel', idempotency_key: 'the-same-key' };
  const answers = await Promise.all(
    [1, 2, 3].map(() => call<{ tag: { id: string } }>(house, teo, 'tags.create', once)),
  );
  expect(new Set(answers.map(({ tag }) => tag.id)).size).toBe(1);
});

test('leaves one audit entry that says who, what and by which door', async () => {
  const { id, teo } = await makeWorkspace(house);
  const { tag } = await call<{ tag: { id: string } }>(house, teo, 'tags.create', { name: 'Audited' });
  const entries = await house.database.inWorkspace(id, house.clock(), (tx) =>
    tx.selectFrom('audit_logs').selectAll().execute(),
  );
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({
    action: 'tags.create',
    entity_id: tag.id,
    actor_user_id: teo.userId,
    via: 'session',
    seq: 1n,
  });
});

test('says in our own words what is wrong with the input', async () => {
  const { teo } = await makeWorkspace(house);
  const refusal = await refusalOf(call(house, teo, 'tags.create', { nam: 'x', color: 99 }));
  expect(refusal.code).toBe('validation_failed');
  expect(refusal.message).toBe(
    'name is required: text; color must be at most 16; tags.create does not have an argument "nam". It takes: name, color, idempotency_key.',
  );
});

test('a viewer may look but not make', async () => {
  const { vera } = await makeWorkspace(house);
  expect((await refusalOf(call(house, vera, 'tags.create', { name: 'x' }))).message).toBe('Access denied');
});

test('a connection that was not given the permission is told which one is missing', async () => {
  const { teo } = await makeWorkspace(house);
  const refusal = await refusalOf(
    call(house, teo, 'tags.create', { name: 'x' }, { scopes: ['mcp', 'tags:read'] }),
  );
  expect(refusal).toMatchObject({
    code: 'insufficient_scope',
    details: { missing: ['tags:write'], required: ['tags:write', 'tags:read'] },
  });
});

test('a tag cannot be named like an id', async () => {
  const { teo } = await makeWorkspace(house);
  for (const name of [`tag_${'0'.repeat(26)}`, `TSK_${'A'.repeat(26)}`]) {
    const refused = await refusalOf(call(house, teo, 'tags.create', { name }));
    expect([refused.code, refused.field]).toEqual(['validation_failed', 'name']);
  }
  await call(house, teo, 'tags.create', { name: 'tag_of_honour' });
});

test('an archived tag is put on nothing new by its name, and stays where it is', async () => {
  const { noor, teo } = await makeWorkspace(house);
  interface Tagged {
    task: { id: string; tags: { id: string; name: string }[] };
  }
  const { task } = await call<Tagged>(house, teo, 'tasks.create', { summary: 'Old', tags: ['legacy'] });
  const { id } = task.tags[0]!;
  await call(house, noor, 'tags.update', { id, archived: true });
  for (const [operation, input] of [
    ['tasks.create', { summary: 'New', tags: ['Legacy'] }],
    ['time_entries.create', { date: '2026-10-05', duration: '1:00', tags: ['LEGACY'] }],
  ] as const) {
    const refused = await refusalOf(call(house, teo, operation, input));
    expect([refused.code, refused.message.includes(id)]).toEqual(['tag_archived', true]);
  }
  const kept = await call<Tagged>(house, teo, 'tasks.update', { id: task.id, tags: ['legacy', 'more'] });
  expect(kept.task.tags.map(({ name }) => name)).toEqual(['legacy', 'more']);
  await call(house, teo, 'tasks.create', { summary: 'Meant', tags: [id] });
});
