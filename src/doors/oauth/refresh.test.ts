import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { httpDoor } from '#doors/http/door.ts';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import {
  apiStatus,
  type App,
  type Browser,
  browserOf,
  connectApp,
  refreshWith,
  registerApp,
  type Tokens,
} from '#testing/oauth.ts';
import { call, makeWorkspace, type TestWorkspace } from '#testing/people.ts';
import { oauthDoor } from './door.ts';

let house: TestHouse;
let served: ServedHouse;
let url: string;
let app: App;
let workspace: TestWorkspace;
let browser: Browser;
let start: Temporal.Instant;

beforeAll(async () => {
  house = await openTestHouse();
  served = await serveHouse(house, [httpDoor, oauthDoor]);
  url = served.url;
  app = await registerApp(url);
});
afterAll(() => served.close());
beforeEach(async () => {
  start = Temporal.Now.instant();
  house.setNow(start);
  workspace = await makeWorkspace(house);
  browser = await browserOf(house, workspace.teo);
});
afterEach(() => house.setNow(null));

const connect = (scope = 'stint:read stint:write') =>
  connectApp(url, browser, { app, request: { scope, resource: `${url}/api` } });
const tokensOf = async (answer: Response): Promise<Tokens> => {
  expect(answer.status).toBe(200);
  return (await answer.json()) as Tokens;
};
const errorOf = async (answer: Response) => [
  answer.status,
  ((await answer.json()) as { error: string }).error,
];
const later = (duration: Temporal.DurationLike) => house.setNow(start.add(duration));

test('every refresh gives a new refresh token and leaves the access tokens before it alone', async () => {
  const { tokens } = await connect();
  const next = await tokensOf(await refreshWith(url, app, tokens.refresh_token));
  expect(next.refresh_token).not.toBe(tokens.refresh_token);
  expect(next.expires_in).toBe(3600);
  // Gemini CLI cannot recover from a token that dies before its hour.
  expect(await apiStatus(url, tokens.access_token)).toBe(200);
  expect(await apiStatus(url, next.access_token)).toBe(200);
});

test('an access token ends after its hour; the refresh token brings another', async () => {
  const { tokens } = await connect();
  later({ minutes: 61 });
  expect(await apiStatus(url, tokens.access_token)).toBe(401);
  const next = await tokensOf(await refreshWith(url, app, tokens.refresh_token));
  expect(await apiStatus(url, next.access_token)).toBe(200);
});

// Claude Code, Codex and others run several sessions on one stored token.
test('thirty refreshes at once all succeed and agree on one successor', async () => {
  const { tokens } = await connect();
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => refreshWith(url, app, tokens.refresh_token)),
  );
  const next = await Promise.all(answers.map(tokensOf));
  expect(new Set(next.map(({ refresh_token }) => refresh_token)).size).toBe(1);
  expect(new Set(next.map(({ access_token }) => access_token)).size).toBe(30);
});

test('within the hour an old token leads to the newest one', async () => {
  const { tokens } = await connect();
  const second = await tokensOf(await refreshWith(url, app, tokens.refresh_token));
  const third = await tokensOf(await refreshWith(url, app, second.refresh_token));
  later({ minutes: 59 });
  const again = await tokensOf(await refreshWith(url, app, tokens.refresh_token));
  expect(again.refresh_token).toBe(third.refresh_token);
});

test('an answer that got lost can be asked for again, days later', async () => {
  const { tokens } = await connect();
  const lost = await tokensOf(await refreshWith(url, app, tokens.refresh_token));
  later({ hours: 4 * 24 });
  const again = await tokensOf(await refreshWith(url, app, tokens.refresh_token));
  expect(again.refresh_token).toBe(lost.refresh_token);
});

test('a token used again long after its successor was used ends the connection, and its owner is told', async () => {
  const { tokens } = await connect();
  const second = await tokensOf(await refreshWith(url, app, tokens.refresh_token));
  const third = await tokensOf(await refreshWith(url, app, second.refresh_token));
  later({ hours: 4 * 24 });
  expect(await errorOf(await refreshWith(url, app, tokens.refresh_token))).toEqual([400, 'invalid_grant']);
  expect(await errorOf(await refreshWith(url, app, third.refresh_token))).toEqual([400, 'invalid_grant']);
  const { data } = await call<{ data: { id: string; revoked_reason: string }[] }>(
    house,
    workspace.teo,
    'connections.list',
    { ended: true },
  );
  expect(data[0]?.revoked_reason).toBe('refresh_reuse');
  const mail = await house.database.identity
    .selectFrom('outbox')
    .select('payload')
    .where('key', '=', `connection.ended:${data[0]!.id}`)
    .executeTakeFirstOrThrow();
  expect(mail.payload).toMatchObject({ to: workspace.teo.email });
});

test('two months without use, and a year whatever the use, end a connection', async () => {
  const idle = await connect();
  later({ hours: 61 * 24 });
  expect(await errorOf(await refreshWith(url, app, idle.tokens.refresh_token))).toEqual([
    400,
    'invalid_grant',
  ]);

  house.setNow(start);
  let { tokens } = await connect();
  for (let month = 1; month <= 12; month += 1) {
    later({ hours: month * 30 * 24 });
    tokens = await tokensOf(await refreshWith(url, app, tokens.refresh_token));
  }
  later({ hours: 365 * 24 - 1 });
  tokens = await tokensOf(await refreshWith(url, app, tokens.refresh_token));
  later({ hours: 365 * 24 + 1 });
  expect(await errorOf(await refreshWith(url, app, tokens.refresh_token))).toEqual([400, 'invalid_grant']);
});

test('another app cannot use the token, nor for another resource, and neither does it harm', async () => {
  const { tokens } = await connect();
  const other = await registerApp(url);
  expect(await errorOf(await refreshWith(url, other, tokens.refresh_token))).toEqual([400, 'invalid_grant']);
  for (const resource of ['https://evil.example', `${url}/mcp`]) {
    expect(await errorOf(await refreshWith(url, app, tokens.refresh_token, { resource }))).toEqual([
      400,
      'invalid_target',
    ]);
  }
  await tokensOf(await refreshWith(url, app, tokens.refresh_token, { resource: `${url}/api/` }));
});

test('when the person is no longer a member there is nothing to refresh', async () => {
  const { tokens } = await connect();
  await house.database.identity
    .deleteFrom('memberships')
    .where('id', '=', workspace.teo.membershipId)
    .execute();
  expect(await apiStatus(url, tokens.access_token)).toBe(401);
  expect(await errorOf(await refreshWith(url, app, tokens.refresh_token))).toEqual([400, 'invalid_grant']);
});

describe('scope', () => {
  test('asking for what was told, for what was asked, or for offline_access changes nothing', async () => {
    const { tokens } = await connect('tasks:read time:read time:write');
    for (const scope of [
      tokens.scope,
      'tasks:read time:read time:write',
      `${tokens.scope} offline_access`,
      'offline_access',
    ]) {
      const next = await tokensOf(await refreshWith(url, app, tokens.refresh_token, { scope }));
      expect([scope, next.scope]).toEqual([scope, tokens.scope]);
    }
  });

  // Codex and mcp-remote always send the old list; a permission added on the page must reach them all the same.
  test('a permission that the person added comes with the next refresh although the old list was sent', async () => {
    const { tokens } = await connect('time:read');
    const { data } = await call<{ data: { id: string }[] }>(house, workspace.teo, 'connections.list');
    await call(house, workspace.teo, 'connections.update', {
      id: data[0]!.id,
      scopes: ['time:write', 'tags:read'],
    });
    const next = await tokensOf(await refreshWith(url, app, tokens.refresh_token, { scope: 'time:read' }));
    expect(next.scope.split(' ').sort()).toEqual(['tags:read', 'time:read', 'time:write']);
  });

  test('less is given for one access token, and not for ever', async () => {
    const { tokens } = await connect('tasks:read time:read');
    const less = await tokensOf(await refreshWith(url, app, tokens.refresh_token, { scope: 'time:read' }));
    expect(less.scope).toBe('time:read');
    const all = await tokensOf(await refreshWith(url, app, less.refresh_token));
    expect(all.scope).toBe('tasks:read time:read');
  });

  test('more than was granted, or nothing known, is invalid_scope', async () => {
    const { tokens } = await connect('time:read');
    for (const scope of ['time:read time:write', 'members:write', 'cheese']) {
      expect(await errorOf(await refreshWith(url, app, tokens.refresh_token, { scope }))).toEqual([
        400,
        'invalid_scope',
      ]);
    }
  });
});

test('with no grace a token whose successor was used is refused at once', async () => {
  const strict = await serveHouse({ ...house, config: { ...house.config, refreshGraceMinutes: 0 } }, [
    oauthDoor,
  ]);
  const own = await registerApp(strict.url);
  const { tokens } = await connectApp(strict.url, browser, { app: own });
  const second = await tokensOf(await refreshWith(strict.url, own, tokens.refresh_token));
  await tokensOf(await refreshWith(strict.url, own, second.refresh_token));
  expect(await errorOf(await refreshWith(strict.url, own, tokens.refresh_token))).toEqual([
    400,
    'invalid_grant',
  ]);
  await strict.close();
});

test('guessing is slowed down without shutting out the app that guesses not', async () => {
  const guesser = await registerApp(url);
  const guess = () => refreshWith(url, guesser, `stint_rt_${'x'.repeat(43)}`);
  for (let number = 1; number <= 60; number += 1) expect((await guess()).status).toBe(400);
  const answer = await guess();
  expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
    429,
    'temporarily_unavailable',
  ]);
  const { tokens } = await connect();
  await tokensOf(await refreshWith(url, app, tokens.refresh_token));
});
