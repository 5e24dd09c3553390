import { afterAll, describe, expect, test } from 'vitest';
import { authenticate } from '#identity/authenticate.ts';
import { connectionFor, makeWorkspace, password, tokenFor } from '#testing/people.ts';
import { visit } from '#testing/visitor.ts';
import { elsewhere, serveWeb } from '#testing/web-house.ts';

const web = await serveWeb();
const { house, url, signedInAs } = web;
afterAll(() => web.close());

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
    const nowhere = await visitor.post('/account/profile', { ...form, timezone: 'Nowhere' });
    expect(nowhere.text).toMatch(
      /<select id="timezone"[^>]*aria-invalid="true"\s+aria-describedby="timezone-hint timezone-error"/,
    );
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
      (await visit(url).post('/login', { email: mara.email, password: form.password }, elsewhere())).status,
    ).toBe(303);
  });

  test('says how long to wait after too many wrong passwords', async () => {
    const { mara } = await makeWorkspace(house);
    const here = await signedInAs(mara);
    const form = { current_password: 'not my password', password: 'a sentence that is new' };
    for (let attempt = 1; attempt <= 10; attempt += 1)
      await here.post('/account/password', form, elsewhere());
    const late = await here.post('/account/password', form, elsewhere());
    expect([
      late.status,
      late.text.includes('Too many attempts for this account. Please try again in 15 minutes.'),
    ]).toEqual([429, true]);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(800);
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
