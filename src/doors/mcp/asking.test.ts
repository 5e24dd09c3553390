import { Client, type ElicitResult, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, expect, test } from 'vitest';
import { operations } from '#catalogue.ts';
import { announceTag } from '#testing/asking.ts';
import { serveMcp } from '#testing/mcp-house.ts';
import { call, makeWorkspace, type Person, tokenFor } from '#testing/people.ts';

const mcp = await serveMcp({ operations: [...operations, announceTag] });
const { house, url, postModern } = mcp;
const open: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const client of open) await client.close();
  await mcp.close();
});

const tagOf = async (person: Person, name = 'deep work') => {
  const made = await call<{ tag: { id: string } }>(house, person, 'tags.create', { name });
  return made.tag.id;
};
const mailsOf = async (workspaceId: string): Promise<number> => {
  const mails = await house.database.identity
    .selectFrom('outbox')
    .select('id')
    .where('workspace_id', '=', workspaceId as `wsp_${string}`)
    .where('topic', '=', 'mail')
    .execute();
  return mails.length;
};

type Outcome = Record<string, unknown>;
const textOf = (result: Outcome): string =>
  (result['content'] as { text: string }[]).map(({ text }) => text).join('');

/** A client of 2026-07-28 whose user answers so; tells what they were asked. */
const clientOf = async (person: Person, answer?: () => ElicitResult) => {
  const asked: string[] = [];
  const client = new Client(
    { name: 'a test', version: '1' },
    {
      versionNegotiation: { mode: { pin: '2026-07-28' } },
      capabilities: answer === undefined ? {} : { elicitation: { form: {} } },
    },
  );
  if (answer !== undefined) {
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.message);
      return answer();
    });
  }
  const requestInit = { headers: { Authorization: `Bearer ${await tokenFor(house, person)}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
  open.push(client);
  return {
    asked,
    announce: async (id: string, to = 'billing@acme.example', more = {}): Promise<Outcome> =>
      client.callTool({ name: 'tags_announce', arguments: { id, to, ...more } }),
  };
};
const yes = (): ElicitResult => ({ action: 'accept', content: { confirm: true } });

test('a client that can ask puts the question to the user, and yes carries it out, once', async () => {
  const { id: workspaceId, mara } = await makeWorkspace(house);
  const tag = await tagOf(mara);
  const { asked, announce } = await clientOf(mara, yes);
  const done = await announce(tag);
  expect(asked).toEqual(['Mail the tag "deep work" to billing@acme.example?']);
  expect(done['structuredContent']).toMatchObject({ sent: 1 });
  expect(await mailsOf(workspaceId)).toBe(1);
});

test.for<[string, ElicitResult]>([
  ['no', { action: 'decline' }],
  ['nothing, and closes it', { action: 'cancel' }],
  ['yes without the tick', { action: 'accept', content: { confirm: false } }],
  ['yes with the box left out', { action: 'accept', content: {} }],
])('a user who says %s is a refusal, and nothing is done', async ([, answer]) => {
  const { id: workspaceId, mara } = await makeWorkspace(house);
  const { announce } = await clientOf(mara, () => answer);
  const refused = await announce(await tagOf(mara));
  expect(refused['isError']).toBe(true);
  expect(JSON.parse(textOf(refused))).toMatchObject({
    error: { code: 'declined', message: 'The user said no; nothing was done.', retryable: false },
  });
  expect(await mailsOf(workspaceId)).toBe(0);
});

test('where nothing needs asking nobody is asked', async () => {
  const { mara } = await makeWorkspace(house);
  const { asked, announce } = await clientOf(mara, yes);
  const tag = await tagOf(mara);
  expect((await announce(tag, ''))['structuredContent']).toMatchObject({ sent: 0 });
  expect(asked).toEqual([]);
  const gone = await announce(tag.replace(/.$/, (last) => (last === '0' ? '1' : '0')));
  expect(JSON.parse(textOf(gone))).toMatchObject({ error: { code: 'not_found' } });
  expect(asked).toEqual([]);
});

test('clients that cannot ask go straight on: without the capability, and of before', async () => {
  const { id: workspaceId, mara } = await makeWorkspace(house);
  const tag = await tagOf(mara);
  expect((await (await clientOf(mara)).announce(tag))['structuredContent']).toMatchObject({ sent: 1 });
  const before = new ClientV1({ name: 'a test', version: '1' }, { capabilities: { elicitation: {} } });
  before.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' as const }));
  const requestInit = { headers: { Authorization: `Bearer ${await tokenFor(house, mara)}` } };
  await before.connect(new TransportV1(new URL(`${url}/mcp`), { requestInit }));
  open.push(before);
  const done = await before.callTool({ name: 'tags_announce', arguments: { id: tag, to: 'somebody' } });
  expect(done['structuredContent']).toMatchObject({ sent: 1 });
  expect(await mailsOf(workspaceId)).toBe(2);
});

test('what was done with a key is answered again without asking again', async () => {
  const { id: workspaceId, mara } = await makeWorkspace(house);
  const { asked, announce } = await clientOf(mara, yes);
  const tag = await tagOf(mara);
  for (const replayed of [undefined, true]) {
    const done = await announce(tag, 'somebody', { idempotency_key: 'the same key' });
    expect(done['structuredContent']).toMatchObject({ sent: 1 });
    expect((done['structuredContent'] as { meta?: { replayed?: true } }).meta?.replayed).toBe(replayed);
  }
  expect([asked.length, await mailsOf(workspaceId)]).toEqual([1, 1]);
});

/** Round by round, by hand: what a client sends, and what comes. */
const rounds = async (person: Person) => {
  const token = await tokenFor(house, person);
  const meta = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } };
  const send = async (args: object, more: Record<string, unknown> = {}, bearer = token) => {
    const params = { name: 'tags_announce', arguments: args, ...more };
    const response = await postModern(bearer, 'tools/call', params, { meta });
    return (await response.json()) as { result?: Outcome; error?: { code: number; message: string } };
  };
  const answer = (state: unknown, given: object = yes()) => ({
    requestState: state,
    inputResponses: { confirm: given },
  });
  const ask = async (args: object): Promise<string> => {
    const { result } = await send(args);
    expect(result).toMatchObject({ resultType: 'input_required' });
    return result?.['requestState'] as string;
  };
  return { send, answer, ask };
};
const invalid = { error: { code: -32_602, message: 'Invalid or expired requestState' } };
const askedAnew = { result: { resultType: 'input_required' } };

test('the question is a form with one tick, and what goes with it says nothing', async () => {
  const { mara } = await makeWorkspace(house);
  const { send } = await rounds(mara);
  const { result } = await send({ id: await tagOf(mara), to: 'somebody' });
  expect(result).toMatchObject({
    resultType: 'input_required',
    inputRequests: {
      confirm: {
        method: 'elicitation/create',
        params: {
          mode: 'form',
          message: 'Mail the tag "deep work" to somebody?',
          requestedSchema: {
            type: 'object',
            properties: { confirm: { type: 'boolean', title: 'Yes, do it' } },
            required: ['confirm'],
          },
        },
      },
    },
    requestState: expect.stringMatching(/^[\w-]{43}$/),
  });
});

test('a yes counts once, though it is sent twice at the same moment', async () => {
  const { id: workspaceId, mara } = await makeWorkspace(house);
  const { send, answer, ask } = await rounds(mara);
  const args = { id: await tagOf(mara), to: 'somebody' };
  const state = await ask(args);
  const outcomes = await Promise.all([1, 2, 3].map(() => send(args, answer(state))));
  expect(outcomes.filter(({ result }) => result?.['structuredContent'] !== undefined)).toHaveLength(1);
  expect(await send(args, answer(state))).toMatchObject(askedAnew);
  expect(await mailsOf(workspaceId)).toBe(1);
});

test('a yes counts for what was asked: other arguments, or another fact, are asked anew', async () => {
  const { id: workspaceId, mara } = await makeWorkspace(house);
  const { send, answer, ask } = await rounds(mara);
  const args = { id: await tagOf(mara), to: 'somebody' };
  const state = await ask(args);
  expect(await send({ ...args, to: 'everybody' }, answer(state))).toMatchObject(askedAnew);
  await call(house, mara, 'tags.update', { id: args.id, name: 'shallow work' });
  const again = await send(args, answer(state));
  expect(again).toMatchObject(askedAnew);
  expect(JSON.stringify(again)).toContain('Mail the tag \\"shallow work\\" to somebody?');
  expect(await mailsOf(workspaceId)).toBe(0);
  expect(await send(args, answer(again.result?.['requestState']))).toMatchObject({
    result: { structuredContent: { sent: 1 } },
  });
});

test('a no cannot be turned into a yes, and something that is no answer is asked again', async () => {
  const { mara } = await makeWorkspace(house);
  const { send, answer, ask } = await rounds(mara);
  const args = { id: await tagOf(mara), to: 'somebody' };
  const state = await ask(args);
  expect(await send(args, answer(state, { action: 'decline' }))).toMatchObject({ result: { isError: true } });
  expect(await send(args, answer(state))).toMatchObject(askedAnew);
  for (const nothing of [{ action: 'accept' }, { action: 'accept', content: { confirm: 'yes' } }, {}])
    expect(await send(args, answer(await ask(args), nothing))).toMatchObject(askedAnew);
  expect(await send(args, { inputResponses: { confirm: yes() } })).toMatchObject(askedAnew);
});

test('a state that was made up, changed, of another person, connection, tool or workspace, or too old is an error', async () => {
  const workspace = await makeWorkspace(house);
  const { mara, ada } = workspace;
  const { send, answer, ask } = await rounds(mara);
  const args = { id: await tagOf(mara), to: 'somebody' };
  const state = await ask(args);
  const changed = `${state.slice(0, -1)}${state.endsWith('A') ? 'Q' : 'A'}`;
  for (const wrong of ['', 'x', 'v1.e30.AAAA', changed, `${state}=`])
    expect(await send(args, answer(wrong)), wrong).toMatchObject(invalid);
  const stranger = (await makeWorkspace(house)).mara;
  for (const bearer of [
    await tokenFor(house, ada),
    await tokenFor(house, mara),
    await tokenFor(house, stranger),
  ])
    expect(await send(args, answer(state), bearer)).toMatchObject(invalid);
  expect(await send({}, { ...answer(state), name: 'tags_list' })).toMatchObject(invalid);
  house.setNow(Temporal.Now.instant().add({ minutes: 11 }));
  try {
    expect(await send(args, answer(state))).toMatchObject(invalid);
  } finally {
    house.setNow(null);
  }
  expect(await mailsOf(workspace.id)).toBe(0);
  expect(await send(args, answer(state))).toMatchObject({ result: { structuredContent: { sent: 1 } } });
});
