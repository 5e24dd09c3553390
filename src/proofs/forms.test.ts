import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from '#config.ts';
import { startSession } from '#identity/sessions.ts';
import { serveEveryDoor } from '#testing/every-door.ts';
import { oddTexts } from '#testing/mutations.ts';
import {
  authorizeUrl,
  browserOf,
  type Changes,
  consentForm,
  pkce,
  query,
  registerApp,
} from '#testing/oauth.ts';
import { call, connectionFor, makeWorkspace, password, tokenFor } from '#testing/people.ts';
import { everyRow } from '#testing/rich-workspace.ts';

// The forms of the pages, filled in as no browser would: always a page that says what is wrong, and what is refused changes nothing.
const open = await serveEveryDoor({ config: readConfig({ STINT_TRUST_PROXY: '1' }) });
const work = await makeWorkspace(open.house);
afterAll(() => open.close());

const signIn = async (): Promise<string> => {
  const { database, clock } = open.house;
  const facts = { ipPrefix: null, userAgent: 'Test browser' };
  return `stint=${await startSession(database, work.mara.userId, facts, clock())}`;
};
let session = await signIn();

/** Attempts are counted by network; each comes from another one. */
const network = () => `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`;

const send = (
  path: string,
  body: string | URLSearchParams | FormData,
  headers: Record<string, string> = {},
) =>
  fetch(`${open.url}${path}`, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: {
      accept: 'text/html',
      origin: open.url,
      'sec-fetch-site': 'same-origin',
      'x-forwarded-for': network(),
      cookie: session,
      ...headers,
    },
  });

/** Everything that a form of Mara's could change: her workspace, and herself. */
const everything = async (): Promise<string> => {
  const { rows } = await open.house.database.run(
    `select (select u::text from users u where u.id = $1) as person,
       (select count(*)::int from memberships where user_id = $1) as workspaces,
       (select string_agg(g::text, '|' order by g.id) from oauth_grants g where g.user_id = $1) as grants,
       (select string_agg(t::text, '|' order by t.id) from api_tokens t where t.user_id = $1) as tokens`,
    [work.mara.userId],
  );
  return `${JSON.stringify(rows)}${await everyRow(open.house, work.id)}`;
};

const connection = async () => (await connectionFor(open.house, work.mara)).grantId;
const apiToken = async (): Promise<string> => {
  await tokenFor(open.house, work.mara);
  type Tokens = { data: { id: string }[] };
  return (await call<Tokens>(open.house, work.mara, 'api_tokens.list', {})).data[0]!.id;
};
const consentFields = async (): Promise<Changes> => {
  const address = authorizeUrl(open.url, await registerApp(open.url), pkce().challenge);
  const { tx, scopes } = await consentForm(await fetch(address, { headers: { cookie: session } }));
  return { tx, workspace: work.id, scope: scopes.map(({ name }) => name), decision: 'approve' };
};
const inWorkspace = () => ({ workspace: work.id });
const address = () => `new-${randomBytes(6).toString('hex')}@example.com`;

interface Sheet {
  readonly path: string;
  readonly fields: () => Changes | Promise<Changes>;
  /** What stands in the path for ID. */
  readonly id?: () => Promise<string>;
  /** Fields that may come more than once. */
  readonly lists?: readonly string[];
}
const sheets: readonly Sheet[] = [
  { path: '/login', fields: () => ({ email: work.mara.email, password, return_to: '/account' }) },
  {
    path: '/signup',
    fields: () => ({
      ...{ name: 'Pia', email: address(), password: 'a sentence that is new', timezone: 'Europe/Berlin' },
      ...{ currency: 'EUR', week_start: '1', return_to: '/account' },
    }),
  },
  { path: '/workspaces', fields: () => ({ name: 'Another', currency: 'EUR', timezone: 'Europe/Berlin' }) },
  {
    path: '/account/profile',
    fields: () => ({ name: 'Mara', timezone: 'Europe/Berlin', week_start: '1', duration_format: 'h:mm' }),
  },
  {
    path: '/account/password',
    fields: () => ({ current_password: 'not my password', password: 'a sentence that is new' }),
  },
  {
    path: '/account/tokens',
    lists: ['scopes'],
    fields: () => ({
      ...{ name: 'Build server', workspace: work.id, resource: 'api', days: '30' },
      scopes: ['time:read'],
    }),
  },
  { path: '/account/tokens/ID/revoke', id: apiToken, fields: inWorkspace },
  {
    path: '/account/integrations/ID/permissions',
    id: connection,
    lists: ['scopes'],
    fields: () => ({ ...inWorkspace(), version: '1', coarse: '', scopes: ['time:read'] }),
  },
  { path: '/account/integrations/ID/disconnect', id: connection, fields: inWorkspace },
  { path: '/account/integrations/disconnect-all', fields: () => ({}) },
  { path: '/oauth/consent', lists: ['scope'], fields: consentFields },
  { path: '/logout', fields: () => ({}) },
  { path: '/account/sign-out-everywhere', fields: () => ({}) },
];

const foreignWords =
  /\bzod\b|syntax error|violates|\brelation\b|invalid byte|\[object|native code|Maximum call stack|TypeError|RangeError|SyntaxError|\.ts:\d|node_modules|internal_error/i;

let known = '';
/** A page or a way on, never a failure; and where it is a no, nothing was changed. Gives the status. */
const expectClear = async (what: string, request: () => Promise<Response>): Promise<number> => {
  const logged = open.house.logged.length;
  const answer = await request();
  const text = await answer.text();
  expect(open.house.logged.slice(logged), what).toEqual([]);
  expect(answer.status, what).toBeLessThan(500);
  expect(text, what).not.toMatch(foreignWords);
  expect(text.length, what).toBeLessThan(500_000);
  const location = answer.headers.get('location');
  if (location !== null) {
    expect(new URL(location, open.url).origin, what).toBe(open.url);
    expect(location, what).not.toMatch(/^\/login\?return_to/);
  }
  const after = await everything();
  if (answer.status >= 400) {
    expect(after, what).toBe(known);
    expect(text, what).toMatch(/<h1>|"message":|"error_description":/);
  }
  known = after;
  return answer.status;
};

const pathOf = async ({ path, id }: Sheet): Promise<string> =>
  id === undefined ? path : path.replace('ID', await id());

test.each(sheets)('$path: only a form of this house is a form', async (sheet) => {
  const path = await pathOf(sheet);
  const body = query(await sheet.fields());
  known = await everything();
  const refused = async (
    what: string,
    content: string | URLSearchParams | FormData,
    headers: Record<string, string>,
  ) => {
    const status = await expectClear(what, () => send(path, content, headers));
    expect([400, 403, 413, 422], what).toContain(status);
  };
  const foreign = ['null', 'https://evil.example', `${open.url}.evil.example`, 'http://localhost:1', ''];
  for (const origin of foreign) await refused(`from ${origin}`, body, { origin });
  for (const site of ['cross-site', 'same-site', 'odd'])
    await refused(site, body, { 'sec-fetch-site': site });
  const json = JSON.stringify(Object.fromEntries(body));
  await refused('JSON', json, { 'content-type': 'application/json' });
  await refused('text', `a=b&${body.toString()}`, { 'content-type': 'text/plain' });
  await refused('no type that is one', `a=b&${body.toString()}`, { 'content-type': ';;;' });
  const parts = new FormData();
  parts.append('file', new Blob(['x']), 'x.txt');
  await refused('a file', parts, {});
  await refused('a huge field', query({ huge: 'x'.repeat(70_000) }), {});
  await refused('thousands of fields', query({ f: Array.from({ length: 30_000 }, () => '') }), {});
  await refused('NUL', `${body.toString()}&other=%00`, {
    'content-type': 'application/x-www-form-urlencoded',
  });
});

test.each(sheets)('$path: whatever stands in a field, the answer is clear', async (sheet) => {
  let path = await pathOf(sheet);
  let fields = await sheet.fields();
  known = await everything();
  const go = async (what: string, changes: Changes) => {
    const status = await expectClear(`${what} of ${sheet.path}`, () =>
      send(path, query({ ...fields, ...changes })),
    );
    if (status < 400) {
      // What was there may be used up now, the session too.
      session = await signIn();
      [path, fields] = [await pathOf(sheet), await sheet.fields()];
      known = await everything();
    }
    return status;
  };
  for (const [index, name] of Object.keys(fields).entries()) {
    await go(`no ${name}`, { [name]: undefined });
    await go(`empty ${name}`, { [name]: '' });
    const twice = await go(`two of ${name}`, { [name]: ['a', 'b'] });
    if (sheet.lists?.includes(name) !== true) expect([400, 422], name).toContain(twice);
    for (let turn = index; turn < oddTexts.length; turn += 9)
      await go(`${name} ${oddTexts[turn]!.slice(0, 60)}`, { [name]: oddTexts[turn]!.toWellFormed() });
  }
});

test('an odd id in a path is nothing, as in every field', async () => {
  known = await everything();
  for (const id of [
    '%00',
    '%ff',
    '..%2f..',
    '__proto__',
    'constructor',
    `con_${'0'.repeat(26)}`,
    'x'.repeat(4_000),
  ])
    for (const path of [
      `/account/tokens/${id}/revoke`,
      `/account/integrations/${id}/disconnect`,
      `/account/integrations/${id}/permissions`,
    ]) {
      const status = await expectClear(path.slice(0, 80), () =>
        send(path, query({ workspace: work.id, version: '1' })),
      );
      expect(status).toBeGreaterThanOrEqual(400);
    }
});

test('a page shows only notices that it knows, whatever its address says', async () => {
  const browser = await browserOf(open.house, work.mara);
  for (const path of [
    '/login?again=1',
    '/account?',
    '/account/integrations?',
    '/account/tokens?',
    '/?',
    '/signup?',
  ])
    for (const text of [
      '__proto__',
      'constructor',
      'toString',
      '%00',
      '%ff',
      '<script>',
      'x'.repeat(3_000),
    ]) {
      const answer = await browser.get(
        `${open.url}${path}&notice=${text}&return_to=${text}&add=${text}&connection=${text}`,
      );
      expect([200, 303], path).toContain(answer.status);
      expect(await answer.text(), path).not.toMatch(/role="status"|\[object|native code|<script/);
    }
  expect(open.house.logged).toEqual([]);
});
