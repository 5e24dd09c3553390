import { afterAll, beforeAll, expect, test } from 'vitest';
import { operations } from '#catalogue.ts';
import { httpDoor } from '#doors/http/door.ts';
import { apiRoot, routeOf } from '#doors/http/route.ts';
import { mcpDoor } from '#doors/mcp/door.ts';
import type { Operation } from '#operation/operation.ts';
import { callTool, sendMessage } from '#testing/every-door.ts';
import { openTestHouse, type ServedHouse, serveHouse } from '#testing/house.ts';
import { inputSchema, put, textPlaces } from '#testing/input-schema.ts';
import { leastInput, sampleInputs } from '#testing/inputs.ts';
import { tokenFor } from '#testing/people.ts';
import { rehearsal } from '#testing/rehearsal.ts';
import { makeRichWorkspace, type RichWorkspace } from '#testing/rich-workspace.ts';
import { newId } from '#values/id.ts';

// As tenancy.test.ts, but seen from outside: every byte, status and header that a client can tell apart.
const now = '2026-10-05T12:00:00Z';
const limits = { requests: 1e6, reads: 1e6, writes: 1e6, strangers: 1e6 };
let served: ServedHouse;
let own: RichWorkspace;
let other: RichWorkspace;
let mcpToken: string;
let apiToken: string;
const notFound = { mcp: 0, http: 0 };

beforeAll(async () => {
  const open = await openTestHouse();
  open.setNow(now);
  own = await makeRichWorkspace(open);
  other = await makeRichWorkspace(open);
  mcpToken = await tokenFor(open, own.mara);
  apiToken = await tokenFor(open, own.mara, undefined, 'api');
  served = await serveHouse(rehearsal(open), [
    (house) => mcpDoor(house, limits),
    (house) => httpDoor(house, limits),
  ]);
});
afterAll(() => served.close());

/** Everything in a response but when it was made and what it was asked for. */
const everything = async (response: Response, given: string): Promise<string> => {
  const headers = [...response.headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
  const body = (await response.text()).replace(/"request_id":"[^"]+"/, '"request_id":""');
  return JSON.stringify([response.status, headers, body]).replaceAll(given, 'ID');
};

const overHttp = (operation: Operation, input: Record<string, unknown>): Promise<Response> => {
  const { method, path, hasId, hasBody } = routeOf(operation);
  const { id, ...rest } = input;
  const url = new URL(`${served.url}${apiRoot}${path.replace('{id}', String(id))}`);
  const args = hasId ? rest : input;
  if (!hasBody)
    for (const [name, value] of Object.entries(args))
      url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  return fetch(url, {
    method,
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    ...(hasBody ? { body: JSON.stringify(args) } : {}),
  });
};

const places = operations.flatMap((operation) =>
  textPlaces(inputSchema(operation)).flatMap(({ path, name, prefix }) =>
    prefix === null ? [] : [{ operation, path, prefix, title: `${operation.name} ${name}` }],
  ),
);

test.each(places)(
  '$title: no door tells a foreign id from one that never was',
  async ({ operation, path, prefix }) => {
    const schema = inputSchema(operation);
    const bases = [leastInput(schema, own.ids), ...sampleInputs(operation, own.ids, 1)];
    const foreign = other.ids.get(prefix)![0]!;
    const stranger = newId(prefix, Temporal.Instant.from(now));
    for (const base of bases) {
      const input = (id: string) =>
        put(schema, base, path, id, (inner, name) => leastInput(inner, own.ids, name)) as Record<
          string,
          unknown
        >;
      // What is made has a new id each time; only refusals can be compared to the byte, and tenancy.test.ts compares the rest.
      const doors = {
        mcp: (id: string) => callTool(served.url, mcpToken, operation.name, input(id)),
        http: (id: string) => overHttp(operation, input(id)),
      };
      for (const door of ['mcp', 'http'] as const) {
        if (!operation.doors.has(door)) continue;
        const ask = doors[door];
        const unknown = await everything(await ask(stranger), stranger);
        const told = await everything(await ask(foreign), foreign);
        notFound[door] += unknown.includes('Resource not found') ? 1 : 0;
        if (operation.effect === 'read' || /not_found|validation_failed/.test(unknown))
          expect(told).toBe(unknown);
        expect(told).not.toContain(other.mark);
        expect(told).not.toMatch(/internal_error|"status":500/);
      }
    }
  },
);

test('most of these were looked for and not found', () => {
  for (const found of Object.values(notFound)) expect(found).toBeGreaterThan(100);
});

const rpc = async (method: string, params: object): Promise<string> =>
  (await sendMessage(served.url, mcpToken, method, params)).text();

test('what MCP offers beside tools is about tools, and knows no workspace but one’s own', async () => {
  const complete = (value: string) =>
    rpc('completion/complete', {
      ref: { type: 'ref/resource', uri: 'stint://docs/tools/{name}' },
      argument: { name: 'name', value },
    });
  const answers = [
    await complete(''),
    await complete(other.mark),
    await rpc('resources/list', {}),
    await rpc('resources/templates/list', {}),
    await rpc('prompts/list', {}),
    await rpc('resources/read', { uri: `stint://docs/tools/${other.mark}` }).then((text) =>
      text.replaceAll(other.mark, 'WORD'),
    ),
    await rpc('prompts/get', { name: 'stint.tool_usage', arguments: {} }),
    await rpc('tools/list', {}),
    await rpc('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'a test', version: '1' },
    }),
  ];
  const words = [other.mark, other.slug, other.id, ...[...other.ids.values()].flat()];
  for (const answer of answers) for (const word of words) expect(answer).not.toContain(word);
  expect(answers[0]).toContain('tags_list');
  expect(answers[1]).not.toContain('tags');
});
