import { afterAll, describe, expect, test } from 'vitest';
import { operator } from '#identity/author.ts';
import { deactivateMember } from '#identity/members.ts';
import { setFeature, setPlan, setStatus } from '#identity/workspaces.ts';
import { connectionFor, makeWorkspace, type TestWorkspace } from '#testing/people.ts';
import { serveWeb } from '#testing/web-house.ts';

const web = await serveWeb();
const { house, signedInAs } = web;
afterAll(() => web.close());

describe('when access has stopped, the pages say why and go on', () => {
  test.each([
    ['is on the plan free', (slug: string) => setPlan(house, slug, 'free', operator)],
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
