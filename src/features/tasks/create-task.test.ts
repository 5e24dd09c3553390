import { expect, test } from 'vitest';
import type { Scope } from '#operation/scopes.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();
interface Made {
  task: { id: string; tags: { id: string; name: string }[]; position: string };
  timer?: { entry_id: string };
  stopped_entry?: { id: string } | null;
}

test('keeps everything that was said; the client follows from the project', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { client } = await call<{ client: { id: string } }>(house, noor, 'clients.create', { name: 'Acme' });
  const { project } = await call<{ project: { id: string } }>(house, noor, 'projects.create', {
    name: 'Site',
    client_id: client.id,
  });
  const answer = await call(house, teo, 'tasks.create', {
    summary: ' Logo ',
    project_id: project.id,
    estimate_seconds: 3600,
    assignee_id: teo.membershipId,
    note: 'blue, they said',
  });
  expect(answer).toMatchObject({
    task: {
      summary: 'Logo',
      status: 'open',
      client: { id: client.id, name: 'Acme' },
      project: { id: project.id, name: 'Site' },
      assignee: { member_id: teo.membershipId, name: 'Teo' },
      estimate_seconds: 3600,
      notes_count: 1,
      version: 1,
    },
  });
});

test('takes tags by id or name, whatever the case, and makes names that are new', async () => {
  const { teo } = await makeWorkspace(house);
  const { tag } = await call<{ tag: { id: string } }>(house, teo, 'tags.create', { name: 'Design' });
  const { task } = await call<Made>(house, teo, 'tasks.create', {
    summary: 'A',
    tags: ['DESIGN', tag.id, 'urgent', 'Urgent'],
  });
  expect(task.tags.map(({ name }) => name)).toEqual(['Design', 'urgent']);
});

test('an unknown tag is refused where the connection may not make tags, and nothing is saved', async () => {
  const { teo } = await makeWorkspace(house);
  const acting = { scopes: ['mcp', 'tasks:read', 'tasks:write', 'tags:read'] as Scope[] };
  const refusal = await refusalOf(call(house, teo, 'tasks.create', { summary: 'A', tags: ['new'] }, acting));
  expect(refusal).toMatchObject({ code: 'unknown_tag', field: 'tags', fixTool: 'tags.list' });
  expect((await call(house, teo, 'tasks.list'))['data']).toEqual([]);
});

test('many at once all find a place, in an order everybody sees alike', async () => {
  const { teo } = await makeWorkspace(house);
  const made = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      call<Made>(house, teo, 'tasks.create', { summary: `task ${index}` }),
    ),
  );
  const positions = made.map(({ task }) => task.position);
  expect(new Set(positions).size).toBe(8);
  const { data } = await call<{ data: { position: string }[] }>(house, teo, 'tasks.list');
  expect(data.map(({ position }) => position)).toEqual([...positions].sort((a, b) => (a < b ? -1 : 1)));
});

test('can start a timer on it, and says which one that stopped', async () => {
  const { teo } = await makeWorkspace(house);
  const first = await call<Made>(house, teo, 'tasks.create', { summary: 'A', start_timer: true });
  expect(first).toMatchObject({ task: { running_entry_id: first.timer?.entry_id }, stopped_entry: null });
  const second = await call<Made>(house, teo, 'tasks.create', { summary: 'B', start_timer: true });
  expect(second.stopped_entry).toMatchObject({ id: first.timer?.entry_id, state: 'stopped' });
});

test('will not start one where another runs and the workspace wants that refused, and speaks of no argument that it does not have', async () => {
  const { teo } = await makeWorkspace(house, { settings: { running_policy: 'error' } });
  await call(house, teo, 'timers.start', {});
  const refusal = await refusalOf(call(house, teo, 'tasks.create', { summary: 'A', start_timer: true }));
  expect(refusal).toMatchObject({ code: 'timer_already_running', field: undefined, fixTool: 'timers.stop' });
  expect(refusal.message).toContain('or start the other with timers.start and on_running stop_current');
});

test('cannot start a timer without time:write, and then makes no task either', async () => {
  const { teo } = await makeWorkspace(house);
  const acting = { scopes: ['mcp', 'tasks:read', 'tasks:write', 'time:read'] as Scope[] };
  const refusal = await refusalOf(
    call(house, teo, 'tasks.create', { summary: 'A', start_timer: true }, acting),
  );
  expect(refusal).toMatchObject({ code: 'insufficient_scope', details: { missing: ['time:write'] } });
  expect((await call(house, teo, 'tasks.list'))['data']).toEqual([]);
});

test('cannot go into an archived project, nor into a private one of others', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { project } = await call<{ project: { id: string } }>(house, noor, 'projects.create', {
    name: 'P',
    private: true,
  });
  const input = { summary: 'A', project_id: project.id };
  expect((await refusalOf(call(house, teo, 'tasks.create', input))).message).toBe('Resource not found');
  await call(house, noor, 'projects.update', { id: project.id, archived: true });
  expect((await refusalOf(call(house, noor, 'tasks.create', input))).code).toBe('project_archived');
});

test('a client that does not fit the project is refused', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await call<{ client: { id: string } }>(house, noor, 'clients.create', { name: 'Acme' });
  const { project } = await call<{ project: { id: string } }>(house, noor, 'projects.create', {
    name: 'Ours',
  });
  const input = { summary: 'A', project_id: project.id, client_id: client.id };
  expect(await refusalOf(call(house, noor, 'tasks.create', input))).toMatchObject({
    code: 'validation_failed',
    field: 'client_id',
  });
});

test('a viewer is assigned nothing', async () => {
  const { teo, vera } = await makeWorkspace(house);
  const { task } = await call<Made>(house, teo, 'tasks.create', { summary: 'Logo' });
  for (const [operation, input] of [
    ['tasks.create', { summary: 'Web' }],
    ['tasks.update', { id: task.id }],
  ] as const) {
    const refused = await refusalOf(
      call(house, teo, operation, { ...input, assignee_id: vera.membershipId }),
    );
    expect([refused.code, refused.field]).toEqual(['validation_failed', 'assignee_id']);
  }
});
