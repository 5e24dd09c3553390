import { createHash, randomBytes } from 'node:crypto';
import { operator } from '#identity/author.ts';
import { addMember } from '#identity/members.ts';
import { startSession } from '#identity/sessions.ts';
import type { House } from '#operation/run.ts';
import { makeWorkspace, type Person, type TestWorkspace } from './people.ts';

/** A browser where a person is signed in: it keeps the cookie, follows no redirect, and says where its forms come from, as browsers do. */
export interface Browser {
  get(url: string): Promise<Response>;
  post(url: string, form: URLSearchParams, headers?: Record<string, string>): Promise<Response>;
}

/** Signs a person in without the form. Null: a browser where nobody is signed in. */
export const browserOf = async (house: House, person: Pick<Person, 'userId'> | null): Promise<Browser> => {
  const facts = { ipPrefix: null, userAgent: 'Test browser' };
  const secret =
    person === null ? null : await startSession(house.database, person.userId, facts, house.clock());
  const cookie: Record<string, string> = secret === null ? {} : { cookie: `stint=${secret}` };
  const headers = { ...cookie, accept: 'text/html' };
  return {
    get: (url) => fetch(url, { headers, redirect: 'manual' }),
    post: (url, body, extra = {}) => {
      const origin = new URL(url).origin;
      return fetch(url, {
        method: 'POST',
        body,
        headers: { ...headers, origin, 'sec-fetch-site': 'same-origin', ...extra },
        redirect: 'manual',
      });
    },
  };
};

/** An app that registered itself. */
export interface App {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly redirect_uris: readonly string[];
}
export const callback = 'http://127.0.0.1:33418/callback';

/** Registers an app; a public one with a callback on loopback, unless said otherwise. */
export const registerApp = async (url: string, metadata: object = {}): Promise<App> => {
  const answer = await fetch(`${url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Test app',
      redirect_uris: [callback],
      token_endpoint_auth_method: 'none',
      ...metadata,
    }),
  });
  if (answer.status !== 201) throw new Error(`registration: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as App;
};

/** A PKCE pair. */
export const pkce = (): { verifier: string; challenge: string } => {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
};

/** Parameters of a request; undefined leaves one out, a list repeats it. */
export type Changes = Record<string, string | readonly string[] | undefined>;

export const query = (values: Changes): URLSearchParams =>
  new URLSearchParams(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined
        ? []
        : typeof value === 'string'
          ? [[name, value]]
          : value.map((each) => [name, each]),
    ),
  );

/** An authorization request in order, but for `changes`. */
export const authorizeUrl = (
  url: string,
  app: Pick<App, 'client_id' | 'redirect_uris'>,
  challenge: string,
  changes: Changes = {},
): string =>
  `${url}/oauth/authorize?${query({
    response_type: 'code',
    client_id: app.client_id,
    redirect_uri: app.redirect_uris[0],
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'the state',
    scope: 'mcp',
    resource: `${url}/mcp`,
    ...changes,
  }).toString()}`;

const unescape = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name]!,
  );

/** What a consent page offers. */
export interface ConsentForm {
  readonly tx: string;
  readonly workspaces: readonly { id: string; disabled: boolean; checked: boolean }[];
  readonly scopes: readonly { name: string; checked: boolean }[];
  readonly html: string;
}

/** Reads the form of a consent page, as a browser without scripts would. */
export const consentForm = async (answer: Response): Promise<ConsentForm> => {
  const html = await answer.text();
  const inputs = [...html.matchAll(/<input\b[^>]*>/g)].map(([tag]) => ({
    attribute: (name: string) => unescape(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? ''),
    has: (name: string) => new RegExp(`\\s${name}[\\s/>=]`).test(tag),
  }));
  const named = (name: string) => inputs.filter(({ attribute }) => attribute('name') === name);
  return {
    tx: named('tx')[0]?.attribute('value') ?? '',
    workspaces: named('workspace').map(({ attribute, has }) => ({
      id: attribute('value'),
      disabled: has('disabled'),
      checked: has('checked'),
    })),
    scopes: named('scope').map(({ attribute, has }) => ({
      name: attribute('value'),
      checked: has('checked'),
    })),
    html,
  };
};

/** What a person sends from a consent form: as it stands, in the first workspace that can be chosen, but for `changes`. */
export const decisionOn = (form: ConsentForm, changes: Changes = {}): URLSearchParams =>
  query({
    tx: form.tx,
    workspace: (
      form.workspaces.find(({ checked }) => checked) ?? form.workspaces.find(({ disabled }) => !disabled)
    )?.id,
    scope: form.scopes.filter(({ checked }) => checked).map(({ name }) => name),
    decision: 'approve',
    ...changes,
  });

/** Where the page that ends a consent sends the browser, or null where it sends it nowhere. */
export const destinationOf = (html: string): URL | null => {
  const content = /<meta http-equiv="refresh" content="0;url=([^"]*)"/.exec(html)?.[1];
  return content === undefined ? null : new URL(unescape(content));
};

/** What a token endpoint answers. */
export interface Tokens {
  access_token: string;
  refresh_token: string;
  token_type: string;
  expires_in: number;
  scope: string;
}

/** Posts a form to the token endpoint (or another one). */
export const postForm = (
  url: string,
  values: Changes,
  headers: Record<string, string> = {},
): Promise<Response> => fetch(url, { method: 'POST', body: query(values), headers });

/** Redeems a code. */
export const redeem = (
  url: string,
  app: App,
  code: string,
  verifier: string,
  changes: Changes = {},
): Promise<Response> =>
  postForm(`${url}/oauth/token`, {
    grant_type: 'authorization_code',
    client_id: app.client_id,
    client_secret: app.client_secret,
    code,
    redirect_uri: app.redirect_uris[0],
    code_verifier: verifier,
    ...changes,
  });

/** Opens a request, decides as its form stands but for `changes`, and gives where the browser is sent then. */
export const decide = async (
  url: string,
  browser: Browser,
  request: string,
  changes: Changes = {},
): Promise<URL> => {
  const page = await browser.get(request);
  const done = await browser.post(`${url}/oauth/consent`, decisionOn(await consentForm(page), changes));
  const destination = destinationOf(await done.text());
  if (destination === null) throw new Error(`nothing was decided: ${page.status}, ${done.status}`);
  return destination;
};

/** Asks, approves, and gives the code. */
export const approvedCode = async (
  url: string,
  browser: Browser,
  app: App,
  challenge: string,
  options: { request?: Changes; decision?: Changes } = {},
): Promise<string> => {
  const request = authorizeUrl(url, app, challenge, options.request);
  const destination = await decide(url, browser, request, options.decision);
  const code = destination.searchParams.get('code');
  if (code === null) throw new Error(`no code: ${destination.href}`);
  return code;
};

/** The whole way to a connection: registration, consent, code, tokens. */
export const connectApp = async (
  url: string,
  browser: Browser,
  options: { app?: App; request?: Changes; decision?: Changes } = {},
): Promise<{ app: App; tokens: Tokens }> => {
  const app = options.app ?? (await registerApp(url));
  const { verifier, challenge } = pkce();
  const code = await approvedCode(url, browser, app, challenge, options);
  const answer = await redeem(url, app, code, verifier);
  if (answer.status !== 200) throw new Error(`no tokens: ${answer.status} ${await answer.text()}`);
  return { app, tokens: (await answer.json()) as Tokens };
};

/** Uses a refresh token. */
export const refreshWith = (
  url: string,
  app: App,
  refreshToken: string,
  changes: Changes = {},
): Promise<Response> =>
  postForm(`${url}/oauth/token`, {
    grant_type: 'refresh_token',
    client_id: app.client_id,
    client_secret: app.client_secret,
    refresh_token: refreshToken,
    ...changes,
  });

/** The status of a call that needs no scope, with a bearer of the API. */
export const apiStatus = async (url: string, bearer: string): Promise<number> =>
  (await fetch(`${url}/api/v1/docs/read`, { headers: { authorization: `Bearer ${bearer}` } })).status;

/** Teo, member of a fresh workspace, at a browser where he is signed in. */
export const teoAtBrowser = async (
  house: House,
  plan: 'free' | 'business' = 'business',
): Promise<{ workspace: TestWorkspace; teo: Person; browser: Browser }> => {
  const workspace = await makeWorkspace(house, { plan });
  return { workspace, teo: workspace.teo, browser: await browserOf(house, workspace.teo) };
};

/** Makes another workspace, where the person is a viewer. */
export const alsoIn = async (house: House, person: Person): Promise<TestWorkspace> => {
  const other = await makeWorkspace(house);
  await addMember(house, other.slug, person.email, 'viewer', operator);
  return other;
};

/** Every connection of a person, with the columns that no door shows. */
export const grantsOf = (house: House, person: Person) =>
  house.database.identity
    .selectFrom('oauth_grants')
    .selectAll()
    .where('user_id', '=', person.userId)
    .orderBy('id')
    .execute();
