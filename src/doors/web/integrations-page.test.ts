import { afterAll, describe, expect, test } from 'vitest';
import { authenticate } from '#identity/authenticate.ts';
import { call, connectionFor, makeWorkspace } from '#testing/people.ts';
import { serveWeb } from '#testing/web-house.ts';

const web = await serveWeb();
const { house, signedInAs } = web;
afterAll(() => web.close());

describe('connected apps', () => {
  test('show who it is, what it may do, what it did and where it signs in, and nobody else’s', async () => {
    const { mara, teo } = await makeWorkspace(house);
    const { grantId } = await connectionFor(house, teo, ['mcp', 'time:read', 'tags:read', 'tags:write'], {
      clientName: 'Claude <b>Code</b>',
    });
    await connectionFor(house, mara, undefined, { clientName: 'Hers' });
    await call(
      house,
      teo,
      'tags.create',
      { name: 'Acme' },
      { via: { kind: 'grant', id: grantId, name: 'Claude Code', resource: 'mcp' } },
    );
    const { text } = await (await signedInAs(teo)).get('/account/integrations');
    for (const part of [
      'Claude &lt;b&gt;Code&lt;/b&gt;',
      'self-registered, name not verified',
      'create, change and delete tags',
      'Create a tag',
      'localhost',
      'Not yet',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('Hers');
    expect(text).not.toContain('What others connected');
  });

  test('permissions can be changed, and count at once', async () => {
    const { teo } = await makeWorkspace(house);
    const { accessToken, grantId } = await connectionFor(house, teo, ['mcp', 'time:read', 'tags:read']);
    const visitor = await signedInAs(teo);
    const asked = await visitor.get(`/account/integrations?add=tags%3Awrite&connection=${grantId}`);
    expect(asked.text).toMatch(/value="tags:write"\s+checked/);
    expect(asked.text).toContain('<details class="more" open>');
    const saved = await visitor.post(`/account/integrations/${grantId}/permissions`, {
      workspace: teo.workspaceId,
      version: '1',
      scopes: ['tags:write'],
    });
    expect(saved.location).toBe(`/account/integrations?notice=saved#${grantId}`);
    const answer = await authenticate(house, accessToken, 'mcp');
    expect(answer.kind === 'actor' && [...answer.actor.via.scopes].sort()).toEqual([
      'mcp',
      'tags:read',
      'tags:write',
    ]);
    const stale = await visitor.post(`/account/integrations/${grantId}/permissions`, {
      workspace: teo.workspaceId,
      version: '1',
      scopes: [],
    });
    expect([stale.status, stale.text.includes('This has changed in the meantime')]).toEqual([409, true]);
  });

  test('settings can be opened to an app with and without a link that asks, and the page says no more than that', async () => {
    const { ada } = await makeWorkspace(house);
    const { accessToken, grantId } = await connectionFor(house, ada, ['mcp', 'time:read']);
    const visitor = await signedInAs(ada);
    const save = (version: string, coarse: string) =>
      visitor.post(`/account/integrations/${grantId}/permissions`, {
        workspace: ada.workspaceId,
        version,
        scopes: ['time:read'],
        coarse,
      });
    const chosen = (text: string) => /<option value="([^"]*)" selected/.exec(text)?.[1];
    const plain = await visitor.get('/account/integrations');
    expect(plain.text).toContain('<option value="stint:admin"');
    expect(chosen(plain.text)).toBeUndefined();
    const asked = await visitor.get(`/account/integrations?add=stint:admin&connection=${grantId}`);
    expect(asked.text).toContain('may it also <b>change the workspace’s settings and taxes');
    expect(chosen(asked.text)).toBe('stint:admin');
    await save('1', 'stint:admin');
    const known = await authenticate(house, accessToken, 'mcp');
    expect(known.kind === 'actor' && known.actor.via.coarse).toBe('stint:admin');
    // Less than it has is not asked for, and saving does not take the rest away.
    const less = await visitor.get(`/account/integrations?add=stint:read&connection=${grantId}`);
    expect(less.text).not.toContain('Asked for');
    expect(chosen(less.text)).toBe('stint:admin');
    expect(less.text).toContain('<li>see the workspace’s settings');
    expect(less.text).not.toContain('everything you can');
  });

  test('a link that asks for more gives nothing by itself', async () => {
    const { teo } = await makeWorkspace(house);
    const { accessToken } = await connectionFor(house, teo, ['mcp', 'time:read']);
    await (
      await signedInAs(teo)
    ).get('/account/integrations?add=time:write%20members:write&add=%3Cscript%3E');
    const answer = await authenticate(house, accessToken, 'mcp');
    expect(answer.kind === 'actor' && [...answer.actor.via.scopes]).toEqual(['mcp', 'time:read']);
  });

  test('disconnecting one, and all, counts on the next request and keeps the reason', async () => {
    const { teo, ada } = await makeWorkspace(house);
    const [one, two, hers] = [
      await connectionFor(house, teo),
      await connectionFor(house, teo),
      await connectionFor(house, ada),
    ];
    const visitor = await signedInAs(teo);
    const workspace = teo.workspaceId;
    expect(
      (await visitor.post(`/account/integrations/${hers.grantId}/disconnect`, { workspace })).status,
    ).toBe(404);
    await visitor.post(`/account/integrations/${one.grantId}/disconnect`, { workspace });
    expect(await authenticate(house, one.accessToken, 'mcp')).toMatchObject({ kind: 'invalid' });
    expect(await authenticate(house, two.accessToken, 'mcp')).toMatchObject({ kind: 'actor' });
    await visitor.post('/account/integrations/disconnect-all');
    expect(await authenticate(house, two.accessToken, 'mcp')).toMatchObject({ kind: 'invalid' });
    expect(await authenticate(house, hers.accessToken, 'mcp')).toMatchObject({ kind: 'actor' });
    const { text } = await visitor.get('/account/integrations');
    expect(text).toContain('No app is connected.');
    expect(text).toContain('You disconnected it.');
  });

  test('an admin sees and ends what members connected; a manager does not', async () => {
    const { teo, ada, noor, slug } = await makeWorkspace(house);
    const { accessToken, grantId } = await connectionFor(house, teo, undefined, { clientName: 'Codex' });
    const path = `/account/integrations/members?workspace=${slug}`;
    expect((await (await signedInAs(noor)).get(path)).status).toBe(403);
    const admin = await signedInAs(ada);
    expect((await admin.get('/account/integrations')).text).toContain(path);
    const { text } = await admin.get(path);
    for (const part of ['Codex', 'Teo', teo.email]) expect(text).toContain(part);
    expect(text).not.toContain('Change permissions');
    const done = await admin.post(`/account/integrations/${grantId}/disconnect`, {
      workspace: ada.workspaceId,
      back: path,
    });
    expect(done.location).toBe(`${path}&notice=disconnected`);
    expect(await authenticate(house, accessToken, 'mcp')).toMatchObject({ kind: 'invalid' });
    expect((await (await signedInAs(teo)).get('/account/integrations')).text).toContain(
      'An admin of the workspace disconnected it.',
    );
  });

  test('another workspace’s members page is not there', async () => {
    const [{ mara }, other] = [await makeWorkspace(house), await makeWorkspace(house)];
    expect(
      (await (await signedInAs(mara)).get(`/account/integrations/members?workspace=${other.slug}`)).status,
    ).toBe(404);
  });
});
