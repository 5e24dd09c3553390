import { afterAll, describe, expect, test } from 'vitest';
import { issueApiToken } from '#identity/api-tokens.ts';
import { authenticate } from '#identity/authenticate.ts';
import { makeWorkspace, type Person, tokenFor } from '#testing/people.ts';
import { visit } from '#testing/visitor.ts';
import { serveWeb } from '#testing/web-house.ts';

const web = await serveWeb();
const { house, url, signedInAs } = web;
afterAll(() => web.close());

describe('API tokens', () => {
  const form = (person: Person, more: object = {}) => ({
    workspace: person.workspaceId,
    name: 'Build server',
    resource: 'api',
    days: '30',
    scopes: ['time:read'],
    ...more,
  });

  test('a token is shown once, works, and is recognised by its end', async () => {
    const { teo } = await makeWorkspace(house);
    const visitor = await signedInAs(teo);
    const made = await visitor.post('/account/tokens', form(teo));
    const secret = /stint_pat_[\w-]{43}/.exec(made.text)![0];
    expect(made.headers.get('cache-control')).toBe('no-store');
    expect(await authenticate(house, secret, 'api')).toMatchObject({
      kind: 'actor',
      actor: { via: { name: 'Build server' } },
    });
    const { text } = await visitor.get('/account/tokens');
    expect(text).not.toContain('stint_pat_');
    expect(text).toContain(`…${secret.slice(-4)}`);
    expect(text).toContain('see time entries and timers');
    expect(text).toContain('<legend>Apps and API tokens</legend>');
  });

  test('however many there are, each stands on the page: it may have to be revoked', async () => {
    const { teo } = await makeWorkspace(house);
    const token = { userId: teo.userId, resource: 'api', scopes: ['time:read'], expiresAt: null } as const;
    await house.database.inWorkspace(teo.workspaceId, house.clock(), async (tx) => {
      for (let made = 0; made <= 1_000; made += 1)
        await issueApiToken(tx, { ...token, name: `Token ${made}.` }, house.clock().add({ seconds: made }));
    });
    const { text } = await (await signedInAs(teo)).get('/account/tokens');
    for (const name of ['Token 0.', 'Token 1000.']) expect(text).toContain(name);
  });

  test('a permission to change something brings the one to see it', async () => {
    const { teo } = await makeWorkspace(house);
    const made = await (
      await signedInAs(teo)
    ).post('/account/tokens', form(teo, { scopes: ['tasks:write'], resource: 'mcp' }));
    const answer = await authenticate(house, /stint_pat_[\w-]{43}/.exec(made.text)![0], 'mcp');
    expect(answer.kind === 'actor' && [...answer.actor.via.scopes]).toEqual([
      'mcp',
      'tasks:read',
      'tasks:write',
    ]);
  });

  test.each([
    [{ name: ' ' }, 422],
    [{ scopes: [] }, 422],
    [{ scopes: ['stint:admin', 'time:read'] }, 422],
    [{ days: '-1' }, 422],
    [{ resource: 'app' }, 422],
    [{ workspace: 'wsp_00000000000000000000000000' }, 404],
  ])('%j is refused on the form, and nothing is made', async (more, status) => {
    const { teo } = await makeWorkspace(house);
    const visitor = await signedInAs(teo);
    const refused = await visitor.post('/account/tokens', form(teo, more));
    expect(refused.status).toBe(status);
    expect(refused.text).toContain('Make a token');
    expect(refused.text).not.toContain('stint_pat_');
    expect((await visitor.get('/account/tokens')).text).toContain('You have no token.');
  });

  test('revoking counts on the next request; somebody else’s token cannot be revoked', async () => {
    const { teo, ada } = await makeWorkspace(house);
    const visitor = await signedInAs(teo);
    const secret = /stint_pat_[\w-]{43}/.exec((await visitor.post('/account/tokens', form(teo))).text)![0];
    const id = /tok_[0-9a-z]{26}/.exec((await visitor.get('/account/tokens')).text)![0];
    const stranger = await (
      await signedInAs(ada)
    ).post(`/account/tokens/${id}/revoke`, { workspace: ada.workspaceId });
    expect(stranger.status).toBe(404);
    expect(await authenticate(house, secret, 'api')).toMatchObject({ kind: 'actor' });
    expect(
      (await visitor.post(`/account/tokens/${id}/revoke`, { workspace: teo.workspaceId })).location,
    ).toBe('/account/tokens?notice=revoked');
    expect(await authenticate(house, secret, 'api')).toMatchObject({ kind: 'invalid' });
  });

  test('no credential but a session opens the pages', async () => {
    const { teo } = await makeWorkspace(house);
    const bearer = { authorization: `Bearer ${await tokenFor(house, teo)}` };
    const visitor = visit(url);
    expect((await visitor.get('/account/tokens', bearer)).location).toContain('/login');
    expect((await visitor.post('/account/tokens', form(teo), bearer)).location).toContain('/login');
    visitor.cookies.set('stint', bearer.authorization.slice(7));
    expect((await visitor.get('/account/tokens')).location).toContain('/login');
  });
});
