import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '#config.ts';
import { authenticate } from '#identity/authenticate.ts';
import { operator } from '#identity/author.ts';
import { deactivateMember } from '#identity/members.ts';
import { setFeature, setPlan, setStatus } from '#identity/workspaces.ts';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import {
  call,
  connectionFor,
  makeWorkspace,
  password,
  type Person,
  type TestWorkspace,
  tokenFor,
} from '#testing/people.ts';
import { visit, type Visitor } from '#testing/visitor.ts';
import { webDoor } from './door.ts';

let house: TestHouse;
let served: ServedHouse;
beforeAll(async () => {
  house = await openTestHouse({ config: readConfig({ STINT_TRUST_PROXY: '1' }) });
  served = await serveHouse(house, [webDoor]);
});
afterAll(() => served.close());

const elsewhere = () => ({
  'x-forwarded-for': `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`,
});
const signedInAs = async (person: Person): Promise<Visitor> => {
  const visitor = visit(served.url);
  await visitor.post('/login', { email: person.email, password }, elsewhere());
  return visitor;
};

describe('the account', () => {
  test('keeps the profile', async () => {
    const { mara } = await makeWorkspace(house);
    const visitor = await signedInAs(mara);
    const form = {
      name: 'Mara L.',
      timezone: 'America/New_York',
      week_start: '0',
      duration_format: 'decimal',
    };
    expect((await visitor.post('/account/profile', form)).location).toBe('/account?notice=profile');
    const { text } = await visitor.get('/account?notice=profile');
    expect(text).toContain('Your profile is saved.');
    for (const part of [
      'value="Mara L."',
      'value="America/New_York" selected',
      'value="0" selected',
      'value="decimal" selected',
    ])
      expect(text).toContain(part);
    const wrong = await visitor.post('/account/profile', { ...form, name: ' ', timezone: 'Nowhere' });
    expect([wrong.status, wrong.text.includes('Give a name of 1 to 100 characters.')]).toEqual([422, true]);
  });

  test('changes the password, which signs out every other browser and not this one', async () => {
    const { mara } = await makeWorkspace(house);
    const [here, there] = [await signedInAs(mara), await signedInAs(mara)];
    const form = { current_password: 'not my password', password: 'a sentence that is new' };
    const refused = await here.post('/account/password', form, elsewhere());
    expect([
      refused.status,
      refused.text.includes('id="current_password-error">The current password is not right.'),
    ]).toEqual([403, true]);
    expect(
      (await here.post('/account/password', { ...form, current_password: password }, elsewhere())).status,
    ).toBe(303);
    expect((await here.get('/account')).status).toBe(200);
    expect((await there.get('/account')).status).toBe(303);
    expect(
      (await visit(served.url).post('/login', { email: mara.email, password: form.password }, elsewhere()))
        .status,
    ).toBe(303);
  });

  test('signs out everywhere: every browser and every app, but no API token', async () => {
    const { mara } = await makeWorkspace(house);
    const [here, there] = [await signedInAs(mara), await signedInAs(mara)];
    const { accessToken } = await connectionFor(house, mara);
    const token = await tokenFor(house, mara);
    expect((await here.post('/account/sign-out-everywhere')).location).toBe(
      '/login?notice=signed_out_everywhere',
    );
    for (const visitor of [here, there]) expect((await visitor.get('/account')).status).toBe(303);
    expect(await authenticate(house, accessToken, 'mcp')).toMatchObject({ kind: 'invalid' });
    expect(await authenticate(house, token, 'mcp')).toMatchObject({ kind: 'actor' });
  });
});

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
    const visitor = visit(served.url);
    expect((await visitor.get('/account/tokens', bearer)).location).toContain('/login');
    expect((await visitor.post('/account/tokens', form(teo), bearer)).location).toContain('/login');
    visitor.cookies.set('stint', bearer.authorization.slice(7));
    expect((await visitor.get('/account/tokens')).location).toContain('/login');
  });
});

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

describe('when access has stopped, the pages say why and go on', () => {
  test.each([
    ['downgraded to the plan free', (slug: string) => setPlan(house, slug, 'free', operator)],
    ['MCP is switched off', (slug: string) => setFeature(house, slug, 'mcp', false, operator)],
    ['is suspended', (slug: string) => setStatus(house, slug, 'suspended', operator)],
  ])('%s', async (sentence, stop) => {
    const { mara, slug } = await makeWorkspace(house);
    const visitor = await signedInAs(mara);
    await stop(slug);
    for (const path of ['/', '/account/integrations', '/account/tokens']) {
      const { status, text } = await visitor.get(path);
      expect([path, status, text.includes(sentence)]).toEqual([path, 200, true]);
    }
  });

  test.each([
    ['suspended', ({ slug }: TestWorkspace) => setStatus(house, slug, 'suspended', operator)],
    [
      'left by a deactivated person',
      ({ slug, noor }: TestWorkspace) => deactivateMember(house, slug, noor.email, operator),
    ],
  ])(
    'one’s own connections in a workspace that is %s can be seen and ended, nobody else’s',
    async (_, stop) => {
      const workspace = await makeWorkspace(house);
      const [one, two] = [
        await connectionFor(house, workspace.noor),
        await connectionFor(house, workspace.noor),
      ];
      const hers = await connectionFor(house, workspace.ada);
      const visitor = await signedInAs(workspace.noor);
      await stop(workspace);
      const shown = (await visitor.get('/account/integrations')).text;
      expect([one, two, hers].map(({ grantId }) => shown.includes(grantId))).toEqual([true, true, false]);
      const form = { workspace: workspace.id };
      const end = (id: string) => visitor.post(`/account/integrations/${id}/disconnect`, form);
      expect([(await end(one.grantId)).status, (await end(hers.grantId)).status]).toEqual([303, 404]);
      await visitor.post('/account/integrations/disconnect-all', {});
      const ended = await house.database.identity
        .selectFrom('oauth_grants')
        .select('id')
        .where('workspace_id', '=', workspace.id)
        .where('revoked_at', 'is not', null)
        .execute();
      expect(new Set(ended.map(({ id }) => id))).toEqual(new Set([one.grantId, two.grantId]));
    },
  );

  test('an inactive member', async () => {
    const { teo, slug } = await makeWorkspace(house);
    const visitor = await signedInAs(teo);
    await deactivateMember(house, slug, teo.email, operator);
    const { status, text } = await visitor.get('/account/integrations');
    expect([status, text.includes('is inactive')]).toEqual([200, true]);
    expect(
      (
        await visitor.post('/account/tokens', {
          workspace: teo.workspaceId,
          name: 'x',
          resource: 'api',
          days: '7',
          scopes: 'time:read',
        })
      ).status,
    ).toBe(403);
  });
});
