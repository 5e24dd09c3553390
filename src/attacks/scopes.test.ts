import { afterAll, expect, test } from 'vitest';
import { callTool, serveEveryDoor, toolAnswer, toolNames } from '#testing/every-door.ts';
import { connectApp, refreshWith, registerApp, teoAtBrowser } from '#testing/oauth.ts';
import { call } from '#testing/people.ts';

const open = await serveEveryDoor();
const { url } = open;
afterAll(() => open.close());

test('51 behind an umbrella only what was ticked is listed, told and callable', async () => {
  const { browser } = await teoAtBrowser(open.house);
  const { tokens } = await connectApp(url, browser, {
    request: { scope: 'mcp' },
    decision: { scope: ['time:read', 'tags:read'] },
  });
  expect(tokens.scope).toBe('mcp time:read tags:read');
  const names = await toolNames(url, tokens.access_token);
  expect(names).toEqual(expect.arrayContaining(['time_entries_list', 'tags_list']));
  expect(names.filter((name) => /^(tasks|clients|projects)_|_(create|update|delete)$/.test(name))).toEqual(
    [],
  );
  expect((await callTool(url, tokens.access_token, 'tags_create', { name: 'x' })).status).toBe(403);
});

test('52 a member who approves administration gains nothing by it: scope and role both count', async () => {
  const { browser, workspace } = await teoAtBrowser(open.house);
  const { tokens } = await connectApp(url, browser, {
    request: { scope: 'mcp stint:admin members:write rates:write projects:write' },
    decision: { scope: ['stint:admin', 'members:write', 'rates:write', 'projects:read', 'projects:write'] },
  });
  expect(tokens.scope).toContain('stint:admin');
  const made = await call<{ project: { id: string } }>(open.house, workspace.ada, 'projects.create', {
    name: 'Redesign',
  });
  const answer = await callTool(url, tokens.access_token, 'projects_delete', { id: made.project.id });
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([200, null]);
  expect(await toolAnswer(answer)).toMatchObject({ error: { code: 'role_too_low' } });
  expect(await toolNames(url, tokens.access_token)).not.toContain('projects_delete');
});

test('53 a role that is lowered counts on the next request, on the token that was there before', async () => {
  const { browser, workspace, teo } = await teoAtBrowser(open.house);
  const { tokens } = await connectApp(url, browser, {
    request: { scope: 'stint:write', resource: `${url}/api` },
  });
  const create = async (name: string) =>
    (
      await fetch(`${url}/api/v1/tags`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${tokens.access_token}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ name }),
      })
    ).status;
  expect(await create('As a member')).toBe(201);
  await open.house.database.identity
    .updateTable('memberships')
    .set({ role: 'viewer' })
    .where('id', '=', teo.membershipId)
    .execute();
  expect(await create('As a viewer')).toBe(403);
  const { data } = await call<{ data: { name: string }[] }>(open.house, workspace.mara, 'tags.list');
  expect(data.map(({ name }) => name)).toEqual(['As a member']);
});

test('49 a refresh token that was narrowed for one access token is itself not wider than the person said', async () => {
  const { browser } = await teoAtBrowser(open.house);
  const app = await registerApp(url);
  const { tokens } = await connectApp(url, browser, {
    app,
    request: { scope: 'mcp time:read time:write' },
    decision: { scope: ['time:read'] },
  });
  expect(tokens.scope).toBe('mcp time:read');
  // The client asks again for all that it wanted at first, as Codex does; it is given what the person left.
  const scope = 'mcp time:read time:write';
  const answer = await refreshWith(url, app, tokens.refresh_token, { scope });
  const next = (await answer.json()) as { access_token: string; scope: string };
  expect([answer.status, next.scope]).toEqual([200, 'mcp time:read']);
  expect((await callTool(url, next.access_token, 'timers_start', {})).status).toBe(403);
});
