const [prm, as, oidc] = ['oauth-protected-resource', 'oauth-authorization-server', 'openid-configuration'];
/** The two documents at the root, as paths. */
export const wellKnown = {
  resource: `/.well-known/${prm}`,
  server: `/.well-known/${as}`,
} as const;
const behind = (name: string) => `GET /.well-known/${name}/mcp`;
const root = (name: string) => `GET /.well-known/${name}`;
const before = (name: string) => `GET /mcp/.well-known/${name}`;
const sdkV1 = [behind(prm), root(prm), root(as), root(oidc)];

/** A client as it was watched on loopback, or as its makers or users describe it. */
export interface RealClient {
  readonly name: string;
  /** What it asks before it registers, in its order. */
  readonly discovery: readonly string[];
  /** Its registration, or the address of its document. */
  readonly registers: object | string;
  /** The redirect URI that it then uses. */
  readonly redirectUri: string;
  /** What it asks for; `every` is each scope of the metadata. */
  readonly scope: string | undefined;
  /** How it writes the resource, after the origin; undefined leaves it out. */
  readonly resource: string | undefined;
  /** What it sends along with every request. */
  readonly headers?: Record<string, string>;
  /** What it sends as scope when it refreshes. */
  readonly refreshScope?: 'asked' | 'told';
  readonly prompt?: string;
}

const publicApp = { token_endpoint_auth_method: 'none' };
const grantTypes = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] };
/** The clients that people use today, in their own ways. */
export const clients: RealClient[] = [
  {
    name: 'Codex 0.169, by its document',
    discovery: [
      'GET /mcp',
      behind(prm),
      before(prm),
      root(prm),
      behind(as),
      behind(oidc),
      before(oidc),
      root(as),
    ],
    registers: 'https://chatgpt.com/oauth/codex/client.json',
    redirectUri: 'http://127.0.0.1:51823/callback',
    scope: 'mcp',
    resource: '/mcp',
    headers: { 'user-agent': 'codex-mcp-client/0.169.0' },
    refreshScope: 'asked',
  },
  {
    name: 'Codex 0.146, with a callback of its own for every login',
    discovery: ['GET /mcp', behind(prm), root(as)],
    registers: {
      ...publicApp,
      client_name: 'Codex',
      redirect_uris: ['http://127.0.0.1:40123/callback/Zk3v9'],
      application_type: 'native',
    },
    redirectUri: 'http://127.0.0.1:40123/callback/Zk3v9',
    scope: 'every',
    resource: '/mcp',
    headers: { 'user-agent': 'codex-mcp-client/0.146.0' },
    refreshScope: 'asked',
  },
  {
    name: 'Claude Code, by its document',
    discovery: [
      'POST /mcp',
      behind(prm),
      root(prm),
      root(as),
      root(oidc),
      behind(as),
      behind(oidc),
      before(oidc),
    ],
    registers: 'https://claude.ai/oauth/claude-code-client-metadata',
    redirectUri: 'http://localhost:62011/callback',
    scope: 'mcp offline_access',
    resource: '/mcp',
    prompt: 'consent',
  },
  {
    name: 'Claude Code, registered',
    discovery: ['POST /mcp', behind(prm), root(as)],
    registers: {
      ...publicApp,
      ...grantTypes,
      client_name: 'Claude Code (stint)',
      redirect_uris: ['http://localhost:62011/callback'],
      application_type: 'native',
    },
    redirectUri: 'http://localhost:49152/callback',
    scope: 'mcp',
    resource: '/mcp',
  },
  {
    name: 'Gemini CLI',
    discovery: [
      'POST /mcp',
      'HEAD /mcp',
      behind(prm),
      root(prm),
      behind(as),
      behind(oidc),
      before(oidc),
      root(as),
    ],
    registers: {
      ...publicApp,
      ...grantTypes,
      client_name: 'Gemini CLI MCP Client',
      redirect_uris: ['http://localhost:7777/oauth/callback'],
      scope: 'mcp stint:read stint:write',
    },
    redirectUri: 'http://localhost:35999/oauth/callback',
    scope: 'every',
    resource: '/mcp',
  },
  {
    name: 'OpenCode',
    discovery: sdkV1,
    registers: {
      ...publicApp,
      ...grantTypes,
      client_name: 'OpenCode',
      redirect_uris: ['http://127.0.0.1:19876/mcp/oauth/callback'],
      client_uri: 'https://opencode.ai',
    },
    redirectUri: 'http://127.0.0.1:19876/mcp/oauth/callback',
    scope: 'mcp',
    resource: '/mcp',
  },
  {
    name: 'mcp-remote, with a static header that it sends everywhere',
    discovery: ['GET /mcp', behind(prm), behind(as), ...sdkV1],
    registers: {
      ...publicApp,
      ...grantTypes,
      client_name: 'MCP CLI Proxy',
      redirect_uris: ['http://localhost:3334/oauth/callback'],
      application_type: 'native',
      software_id: 'mcp-remote',
      software_version: '0.15.1',
    },
    redirectUri: 'http://localhost:3335/oauth/callback',
    scope: 'mcp',
    resource: '/mcp',
    headers: { authorization: 'Bearer stint_pat_left_over' },
    refreshScope: 'told',
  },
  {
    name: 'MCP Inspector',
    discovery: sdkV1,
    registers: {
      ...publicApp,
      ...grantTypes,
      client_name: 'MCP Inspector',
      redirect_uris: ['http://127.0.0.1:6276/oauth/callback'],
      application_type: 'native',
      client_uri: null,
      logo_uri: null,
      contacts: null,
    },
    redirectUri: 'http://127.0.0.1:6276/oauth/callback',
    scope: 'mcp',
    resource: '/mcp',
    prompt: 'consent',
  },
  {
    name: 'Cursor, with three callbacks',
    discovery: sdkV1,
    registers: {
      ...publicApp,
      client_name: 'Cursor',
      redirect_uris: [
        'cursor://anysphere.cursor-mcp/oauth/callback',
        'https://www.cursor.com/agents/mcp/oauth/callback',
        'http://localhost:8787/callback',
      ],
    },
    redirectUri: 'cursor://anysphere.cursor-mcp/oauth/callback',
    scope: undefined,
    resource: undefined,
  },
  {
    name: 'VS Code, on a port of its choice',
    discovery: sdkV1,
    registers: {
      ...publicApp,
      ...grantTypes,
      client_name: 'Visual Studio Code',
      redirect_uris: [
        'https://insiders.vscode.dev/redirect',
        'https://vscode.dev/redirect',
        'http://127.0.0.1/',
        'http://127.0.0.1:33418/',
      ],
    },
    redirectUri: 'http://127.0.0.1:56712/',
    scope: 'mcp',
    resource: '/',
  },
  {
    name: 'claude.ai',
    discovery: [behind(prm), root(as)],
    registers: {
      client_name: 'Claude',
      redirect_uris: ['https://claude.ai/api/mcp/auth_callback', 'https://claude.com/api/mcp/auth_callback'],
      token_endpoint_auth_method: 'client_secret_post',
      ...grantTypes,
      scope: 'mcp',
    },
    redirectUri: 'https://claude.ai/api/mcp/auth_callback',
    scope: 'mcp',
    resource: '/mcp/',
  },
  {
    name: 'ChatGPT',
    discovery: [behind(prm), root(as), root(oidc)],
    registers: {
      client_name: 'ChatGPT',
      redirect_uris: ['https://chatgpt.com/connector/oauth/x1Y2z3'],
      ...publicApp,
      ...grantTypes,
    },
    redirectUri: 'https://chatgpt.com/connector/oauth/x1Y2z3',
    scope: 'mcp offline_access',
    resource: '',
  },
];
