// What MCP costs: CPU of the serving process for each request, as ratios measured in one run (npm run bench:mcp).
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Hono } from 'hono';
import { pino } from 'pino';
import pg from 'pg';
import { listen } from '#app.ts';
import { operations } from '#catalogue.ts';
import { readConfig } from '#config.ts';
import { openDatabase } from '#database/database.ts';
import { migrate } from '#database/migrate.ts';
import { mcpDoor } from '#doors/mcp/door.ts';
import type { DoorHouse } from '#doors/common/house.ts';
import { modernMeta } from '#testing/modern-meta.ts';
import { call, makeWorkspace, tokenFor } from '#testing/people.ts';
import { serverPrograms, startServer } from '#testing/postgresql.ts';
import { type Load, measure } from './measure.ts';
import { naiveMcp } from './naive-mcp.ts';
import { type Row, writeTable } from './performance-page.ts';

const rounds = Number(process.argv[2] ?? 9);
const times = Number(process.argv[3] ?? 300);

const programs = serverPrograms();
if (programs === null) throw new Error('this measurement wants a PostgreSQL on this machine');
// The store is a process of its own here, so that its work is not counted as the door's.
const store = startServer(programs);
const admin = new pg.Client(store.url);
await admin.connect();
await admin.query('create database bench');
await admin.end();
const url = new URL(store.url);
url.pathname = '/bench';
const database = openDatabase({ connectionString: url.href, max: 8 }, () => undefined);
const clock = () => Temporal.Now.instant();
await migrate(database, clock());

const house: DoorHouse = {
  database,
  clock,
  log: pino({ level: 'silent' }),
  publicUrl: 'http://localhost:4000',
  operations,
  config: readConfig({}),
};
const { mara } = await makeWorkspace(house);
for (const name of ['Design', 'Development', 'Meetings', 'Travel', 'Writing']) {
  await call(house, mara, 'tags.create', { name });
}
const token = await tokenFor(house, mara);
const answer = await call(house, mara, 'tags.list', {});

const unlimited = { requests: 1e9, reads: 1e9, writes: 1e9, strangers: 1e9 };
const naive = naiveMcp(
  operations.filter(({ doors }) => doors.has('mcp')),
  answer,
);
const alone = naiveMcp(
  operations.filter(({ name }) => name === 'tags.list'),
  answer,
);
const server = await listen(0, '127.0.0.1', (port) => {
  const app = new Hono();
  app.route('/', mcpDoor({ ...house, publicUrl: `http://localhost:${port}` }, unlimited));
  app.post('/naive', (c) => naive(c.req.raw));
  app.post('/sdk', (c) => alone(c.req.raw));
  return app;
});

const message = (method: string, params: object = {}) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: modernMeta } });
const load = (path: string, method: string, params: { name?: string; arguments?: object } = {}): Load => {
  const body = message(method, params);
  return {
    port: server.port,
    path,
    body,
    headers: {
      Host: `localhost:${server.port}`,
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      Accept: 'application/json, text/event-stream',
      Authorization: `Bearer ${token}`,
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      ...(params.name === undefined ? {} : { 'Mcp-Name': params.name }),
    },
  };
};
const bytesOf = async ({ path, headers, body }: Load): Promise<string> => {
  const response = await fetch(`http://localhost:${server.port}${path}`, { method: 'POST', headers, body });
  return response.text();
};
const list = load('/mcp', 'tools/list');
const one = load('/mcp', 'tools/call', { name: 'tags_list', arguments: {} });
const answers = new Map([
  ['/list', await bytesOf(list)],
  ['/call', await bytesOf(one)],
]);

// The raw echo: Node's own HTTP, a body read and parsed, and the very bytes that the door answers; with a statement where asked.
const pool = new pg.Pool({ connectionString: url.href, max: 8 });
const echo = http.createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    JSON.parse(body);
    const [path = '', statement] = request.url?.split('?') ?? [];
    const end = () => {
      response.setHeader('Content-Type', 'application/json');
      response.end(answers.get(path));
    };
    if (statement === undefined) end();
    else void pool.query({ name: 'tags', text: 'select * from tags limit 5' }).then(end);
  });
});
await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));

const echoPort = (echo.address() as AddressInfo).port;
const costs = await measure(
  {
    'echo of a list': { ...list, port: echoPort, path: '/list' },
    'tools/list': list,
    'echo of a call': { ...one, port: echoPort, path: '/call' },
    'echo of a call, with one statement': { ...one, port: echoPort, path: '/call?statement' },
    'the SDK alone, one tool': load('/sdk', 'tools/call', { name: 'tags_list', arguments: {} }),
    'tools/call': one,
    'naive tools/list': { ...load('/naive', 'tools/list'), share: 0.05 },
    'naive tools/call': load('/naive', 'tools/call', { name: 'tags_list', arguments: {} }),
  },
  { rounds, times },
);
const of = (name: keyof typeof costs) => costs[name].micros;
const listRatio = of('tools/list') / of('echo of a list');
const callRatio = of('tools/call') / of('echo of a call');
const naiveCallRatio = of('naive tools/call') / of('tools/call');
const naiveListRatio = of('naive tools/list') / of('tools/list');
const ratio = (value: number) => `${value.toFixed(2)}×`;
const rows: Row[] = [
  ...Object.entries(costs).map(([name, { micros, bytes }]): Row => {
    return [name, `${Math.round(micros)} µs, ${bytes} bytes`, '–', true];
  }),
  [
    'tools/list to a raw echo of the same bytes',
    ratio(listRatio),
    'goal 1.2×, at most 1.5×',
    listRatio <= 1.5,
  ],
  [
    'tools/call, with token and store, to a raw echo of the same bytes',
    ratio(callRatio),
    'goal 8×',
    callRatio <= 8,
  ],
  [
    'naive tools/call, without a store, to ours with one',
    ratio(naiveCallRatio),
    'at least 4×',
    naiveCallRatio >= 4,
  ],
  ['naive tools/list to ours', ratio(naiveListRatio), 'at least 4×', naiveListRatio >= 4],
];
writeTable('mcp', rows);
await pool.end();
echo.closeAllConnections();
echo.close();
await server.close(100);
await database.close();
store.stop();
