import { randomBytes } from 'node:crypto';
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  type ElicitRequestFormParams,
  inputRequired,
  type InputRequest,
  type InputRequiredResult,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

type Responses = ServerContext['mcpReq']['inputResponses'];

/** Something that the user or the client is asked. */
interface Question {
  readonly request: InputRequest;
  /** The answer in words, or null when there is none that fits. */
  readonly answer: (responses: Responses, key: string) => string | null;
  /** The capability that a client must have declared. */
  readonly capability: 'elicitation' | 'sampling' | 'roots';
}
type Round = Record<string, Question>;

const ask = (message: string, schema: z.ZodObject): Question => ({
  request: inputRequired.elicit({ message, requestedSchema: schema }),
  answer: (responses, key) => {
    const content = acceptedContent(responses, key, schema);
    return content === undefined ? null : JSON.stringify(content);
  },
  capability: 'elicitation',
});
/** A form in the words of the protocol, for what zod cannot say; any accepted answer fits. */
const askForm = (message: string, form: ElicitRequestFormParams['requestedSchema']): Question => ({
  ...ask(message, z.object({})),
  request: inputRequired.elicit({ message, requestedSchema: form }),
});
const sample = (words: string): Question => ({
  request: inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: words } }],
    maxTokens: 100,
  }),
  answer: (responses, key) => {
    const given = inputResponse(responses, key);
    return given.kind === 'sampling' ? JSON.stringify(given.result.content) : null;
  },
  capability: 'sampling',
});
const roots: Question = {
  request: inputRequired.listRoots(),
  answer: (responses, key) => {
    const given = inputResponse(responses, key);
    return given.kind === 'roots' ? given.roots.map(({ uri }) => uri).join(' ') : null;
  },
  capability: 'roots',
};

const name = ask('What is your name?', z.object({ name: z.string() }));
const confirm = ask('Please confirm', z.object({ ok: z.boolean() }));

const defaults = {
  type: 'object' as const,
  properties: {
    name: { type: 'string' as const, default: 'John Doe' },
    age: { type: 'integer' as const, default: 30 },
    score: { type: 'number' as const, default: 95.5 },
    status: { type: 'string' as const, enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean' as const, default: true },
  },
};
const options = ['option1', 'option2', 'option3'];
const titled = [
  { const: 'value1', title: 'First' },
  { const: 'value2', title: 'Second' },
  { const: 'value3', title: 'Third' },
];
const choices = {
  type: 'object' as const,
  properties: {
    untitledSingle: { type: 'string' as const, enum: options },
    titledSingle: { type: 'string' as const, oneOf: titled },
    legacyEnum: { type: 'string' as const, enum: options, enumNames: ['One', 'Two', 'Three'] },
    untitledMulti: { type: 'array' as const, items: { type: 'string' as const, enum: options } },
    titledMulti: { type: 'array' as const, items: { anyOf: titled } },
  },
};

/** A tool that asks, round after round; `signed`: which round it is goes through the client under a seal. */
interface AskingTool {
  readonly rounds: readonly Round[];
  readonly signed?: true;
  /** Asks only what the client can answer. */
  readonly considerate?: true;
}

const tools: Record<string, AskingTool> = {
  test_input_required_result_elicitation: { rounds: [{ user_name: name }] },
  test_input_required_result_sampling: {
    rounds: [{ capital_question: sample('What is the capital of France?') }],
  },
  test_input_required_result_list_roots: { rounds: [{ client_roots: roots }] },
  test_input_required_result_request_state: { rounds: [{ confirm }], signed: true },
  test_input_required_result_multiple_inputs: {
    rounds: [{ user_name: name, greeting: sample('Generate a greeting'), client_roots: roots }],
    signed: true,
  },
  test_input_required_result_multi_round: {
    rounds: [
      { step1: ask('Step 1: What is your name?', z.object({ name: z.string() })) },
      { step2: ask('Step 2: What is your favorite color?', z.object({ color: z.string() })) },
    ],
    signed: true,
  },
  test_input_required_result_tampered_state: { rounds: [{ confirm }], signed: true },
  test_input_required_result_capabilities: {
    rounds: [{ user_name: name, greeting: sample('Generate a greeting'), client_roots: roots }],
    considerate: true,
  },
  test_missing_capability: { rounds: [{ greeting: sample('Generate a greeting') }] },
  test_streaming_elicitation: { rounds: [{ user_name: name }] },
  test_sampling: { rounds: [{ prompt: sample('Test prompt for sampling') }] },
  test_elicitation: {
    rounds: [{ user: ask('Who are you?', z.object({ username: z.string(), email: z.string() })) }],
  },
  test_elicitation_sep1034_defaults: { rounds: [{ form: askForm('All as usual?', defaults) }] },
  test_elicitation_sep1330_enums: { rounds: [{ form: askForm('Which ones?', choices) }] },
};

const codec = createRequestStateCodec<{ round: number }>({
  key: randomBytes(32),
  bind: ({ mcpReq, http }) => `${mcpReq.method} ${http?.authInfo?.clientId ?? ''}`,
});
/** What the server is told about the state that goes through clients. */
export const requestState = {
  verify: (state: string, context: ServerContext) => codec.verify(state, context),
};

/** The next questions, or the words to answer with. */
const proceed = async (tool: AskingTool, context: ServerContext): Promise<InputRequiredResult | string> => {
  const { inputResponses, envelope } = context.mcpReq;
  const declared = (envelope as Record<string, object> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
  const number = context.mcpReq.requestState<{ round: number }>()?.round ?? 0;
  const wanted = (round: Round) =>
    Object.entries(round).filter(([, { capability }]) => tool.considerate !== true || capability in declared);
  const questions = wanted(tool.rounds[number] ?? {});
  const answers = questions.map(([key, { answer }]) => answer(inputResponses, key));
  const answered = answers.every((answer) => answer !== null);
  const next = answered ? number + 1 : number;
  const asked = tool.rounds[next];
  if (asked === undefined) return `state-ok ${answers.join(' ')}`;
  return inputRequired({
    inputRequests: Object.fromEntries(wanted(asked).map(([key, { request }]) => [key, request])),
    ...(tool.signed === true ? { requestState: await codec.mint({ round: next }, context) } : {}),
  });
};

export const registerAskingTools = (server: McpServer): void => {
  for (const [toolName, tool] of Object.entries(tools)) {
    const config = { description: 'Asks before it answers.', inputSchema: z.object({}) };
    server.registerTool(toolName, config, async (_input, context) => {
      const outcome = await proceed(tool, context);
      return typeof outcome === 'string' ? { content: [{ type: 'text', text: outcome }] } : outcome;
    });
  }
};

export const registerAskingPrompt = (server: McpServer): void => {
  const rounds = [
    { user_context: ask('What context should the prompt use?', z.object({ context: z.string() })) },
  ];
  server.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'A prompt that asks before it is given.' },
    async (context) => {
      const outcome = await proceed({ rounds }, context);
      if (typeof outcome !== 'string') return outcome;
      return { messages: [{ role: 'user', content: { type: 'text', text: outcome } }] };
    },
  );
};
