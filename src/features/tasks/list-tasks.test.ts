import { expect, test } from 'vitest';
import type { Scope } from '#operation/scopes.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { logTime } from '#testing/work.ts';

const house = await openTestHouse();
interface Task {
  id: string;
  summary: string;
}
interface List {
  data: Task[];
  meta: { next_cursor: string | null; omitted?: { path: string; requires: string }[] };
}
const summaries = ({ data }: List) => data.map(({ summary }) => summary).join(' ');

const setUp = async () => {
  const workspace = await makeWorkspace(house);
  const add = async (summary: string, more: object = {}) =>
    (await call<{ task: Task }>(house, workspace.noor, 'tasks.create', { summary, ...more })).task.id;
  const list = (more: object = {}, person = workspace.noor) => call<List>(house, person, 'tasks.list', more);
  return { ...workspace, add, list };
};

test('lists open tasks in their order, each once whatever the page', async () => {
  const { add, list, noor } = await setUp();
  for (const summary of ['c', 'a', 'd', 'b', 'e']) await add(summary);
  const done = await add('done');
  await call(house, noor, 'tasks.update', { id: done, status: 'done' });
  let text = '';
  for (let cursor: string | null | undefined = undefined; cursor !== null;) {
    const found: List = await list({ limit: 2, cursor });
    text += `${summaries(found)} `;
    cursor = found.meta.next_cursor;
  }
  expect(text.trim()).toBe('c a d b e');
  expect(summaries(await list({ sort: 'summary', status: 'all' }))).toBe('a b c d done e');
  expect(summaries(await list({ sort: 'newest', limit: 2 }))).toBe('e b');
});

test('filters by project, client, tag, assignee, text and unbilled time', async () => {
  const { add, list, noor, teo } = await setUp();
  const { client } = await call<{ client: Task }>(house, noor, 'clients.create', { name: 'Acme' });
  const { project } = await call<{ project: Task }>(house, noor, 'projects.create', {
    name: 'Site',
    client_id: client.id,
  });
  const logo = await add('Logo', { project_id: project.id, tags: ['design'] });
  await add('Call', { client_id: client.id });
  await add('Taxes', { assignee_id: teo.membershipId });
  await logTime(house, teo, { taskId: logo, seconds: 60 });
  const { tags } = (await list({ q: 'logo' })).data[0] as Task & { tags: Task[] };
  expect(summaries(await list({ project_id: project.id }))).toBe('Logo');
  expect(summaries(await list({ client_id: client.id }))).toBe('Logo Call');
  expect(summaries(await list({ tag_ids: [tags[0]!.id] }))).toBe('Logo');
  expect(summaries(await list({ assignee_id: teo.membershipId }))).toBe('Taxes');
  expect(summaries(await list({ has_unbilled_time: true }))).toBe('Logo');
  expect(summaries(await list({ has_unbilled_time: false }))).toBe('Call Taxes');
});

test('shows tracked time up to now, what of it is unbilled, and my running timer', async () => {
  house.setNow('2026-10-20T10:00:00.750Z');
  const { add, list, teo } = await setUp();
  const id = await add('Logo');
  await logTime(house, teo, { taskId: id, seconds: 600 });
  await logTime(house, teo, { taskId: id, seconds: 60, billable: false });
  const entry = await logTime(house, teo, { taskId: id, runningSince: '2026-10-20T09:59:00Z' });
  const times = { tracked_seconds: 720, unbilled_seconds: 600 };
  expect((await list({}, teo)).data[0]).toMatchObject({ ...times, running_entry_id: entry });
  expect((await list()).data[0]).toMatchObject({ ...times, running_entry_id: null });
  house.setNow(null);
});

test('counts for a member only their own time, for managers everybody’s', async () => {
  const { add, list, noor, teo, vera } = await setUp();
  const taskId = await add('Logo');
  await logTime(house, noor, { taskId, seconds: 500 });
  const seen = async (person: typeof teo, more: object = {}) => (await list(more, person)).data[0];
  expect(await seen(teo)).toMatchObject({ tracked_seconds: 0, unbilled_seconds: 0 });
  expect(await seen(teo, { has_unbilled_time: true })).toBeUndefined();
  await logTime(house, teo, { taskId, seconds: 60 });
  expect(await seen(teo, { has_unbilled_time: true })).toMatchObject({
    tracked_seconds: 60,
    unbilled_seconds: 60,
  });
  expect(await seen(noor)).toMatchObject({ tracked_seconds: 560, unbilled_seconds: 560 });
  expect(await seen(vera)).toMatchObject({ tracked_seconds: 0, unbilled_seconds: 0 });
});

test('leaves out, and says so, what the scopes do not cover', async () => {
  const { add, noor } = await setUp();
  await add('Logo');
  const acting = { scopes: ['mcp', 'tasks:read'] as Scope[] };
  const { data, meta } = await call<List>(house, noor, 'tasks.list', {}, acting);
  expect(Object.keys(data[0]!)).toEqual([
    'id',
    'summary',
    'status',
    'position',
    'estimate_seconds',
    'notes_count',
    'created_at',
    'updated_at',
    'version',
  ]);
  expect(Object.fromEntries(meta.omitted!.map(({ path, requires }) => [path, requires]))).toEqual({
    'data[].client': 'clients:read',
    'data[].project': 'projects:read',
    'data[].tags': 'tags:read',
    'data[].assignee': 'members:read',
    'data[].tracked_seconds': 'time:read',
    'data[].unbilled_seconds': 'time:read',
    'data[].running_entry_id': 'time:read',
  });
  const refusal = await refusalOf(call(house, noor, 'tasks.list', { has_unbilled_time: true }, acting));
  expect(refusal.code).toBe('insufficient_scope');
});

test('tasks of archived and of private projects are out of sight, the latter for those who are not on them', async () => {
  const { add, list, noor, teo, vera } = await setUp();
  const made = async (more: object) =>
    (await call<{ project: Task }>(house, noor, 'projects.create', { name: 'P', ...more })).project.id;
  const archived = await made({});
  await add('old', { project_id: archived });
  await call(house, noor, 'projects.update', { id: archived, archived: true });
  await add('secret', {
    project_id: await made({ private: true, members: [{ member_id: teo.membershipId }] }),
  });
  expect(summaries(await list())).toBe('secret');
  expect(summaries(await list({ archived: true }))).toBe('old secret');
  expect(summaries(await list({}, teo))).toBe('secret');
  expect(summaries(await list({}, vera))).toBe('');
});

test('gives only what changed since an instant', async () => {
  const { add, list } = await setUp();
  house.setNow('2026-10-01T10:00:00Z');
  await add('before');
  house.setNow('2026-10-02T10:00:00Z');
  await add('after');
  expect(summaries(await list({ updated_since: '2026-10-02T12:00:00+02:00' }))).toBe('after');
  house.setNow(null);
});

test('deleted ones are listed only while they can be brought back', async () => {
  const { add, list, noor } = await setUp();
  const begun = house.clock();
  await call(house, noor, 'tasks.delete', { id: await add('gone') });
  expect(summaries(await list({ deleted: true }))).toBe('gone');
  house.setNow(begun.add({ hours: 24 * 30 + 1 }).toString());
  expect(summaries(await list({ deleted: true }))).toBe('');
  house.setNow(begun.toString());
});
