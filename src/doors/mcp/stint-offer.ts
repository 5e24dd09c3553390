import { createHash } from 'node:crypto';
import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Actor } from '#operation/actor.ts';
import { obstacle } from '#operation/obstacle.ts';
import { isQuestion } from '#operation/question.ts';
import { callTool } from './call-tool.ts';
import { consentIn } from './consent.ts';
import { type Exchange, textParam } from './exchange.ts';
import { instructionsFor } from './instructions.ts';
import type { Offer } from './offer.ts';
import { registerPrompts } from './prompts.ts';
import { registerRecordResources } from './record-resources.ts';
import { registerResources } from './resources.ts';
import { nearestName } from './nearest-name.ts';
import { scopeChallengeFor } from './step-up.ts';
import type { Tool } from './toolbox.ts';
import { toolName } from './tool-name.ts';

const minute = 60_000;
/** All private: what is listed depends on who asks. Tools are never kept, so that a permission added shows at the next list. */
const cacheHints = {
  'tools/list': { ttlMs: 0, cacheScope: 'private' },
  'prompts/list': { ttlMs: 5 * minute, cacheScope: 'private' },
  'resources/list': { ttlMs: 5 * minute, cacheScope: 'private' },
  'resources/templates/list': { ttlMs: 5 * minute, cacheScope: 'private' },
  'resources/read': { ttlMs: 5 * minute, cacheScope: 'private' },
  'server/discover': { ttlMs: 0, cacheScope: 'private' },
} as const;

/** No list changes behind a client's back that we would tell it of, so none is promised; the SDK then ends a listen stream at once. */
const capabilities = {
  tools: { listChanged: false },
  resources: { listChanged: false },
  prompts: { listChanged: false },
  completions: {},
};

const completion = 'completion/complete';

const registerTool = (server: McpServer, exchange: Exchange, tool: Tool, name: string): void => {
  const { actor, menu, now } = exchange;
  const { operation, description, input, output, annotations } = tool;
  server.registerTool(
    name,
    {
      title: operation.title,
      description: description[menu.spelling],
      inputSchema: input[menu.spelling],
      outputSchema: output[menu.spelling],
      annotations,
      scopeChallenge: () => scopeChallengeFor(actor.via, obstacle(actor, operation, now)),
    },
    (args: unknown, context: ServerContext) => callTool(exchange, tool, args, consentIn(context)),
  );
};

const noSuchTool = (name: string, { toolbox, menu }: Exchange): string => {
  const near = nearestName(
    name,
    toolbox.tools.map(({ operation }) => operation.name),
  );
  const hint =
    near === null
      ? 'tools/list lists those that there are.'
      : `Did you mean ${toolName(near, menu.spelling)}?`;
  return `Tool ${name.slice(0, 100)} not found. ${hint}`;
};

const registerTools = (server: McpServer, exchange: Exchange): void => {
  const { message, actor, menu, now, toolbox } = exchange;
  if (message.method === 'tools/list') {
    for (const tool of toolbox.visible(actor, menu, now)) {
      registerTool(server, exchange, tool, toolName(tool.operation.name, menu.spelling));
    }
  } else if (message.method === 'tools/call') {
    // Also when it is hidden from the list: the answer must be what is missing, not that there is no such tool.
    const name = textParam(message, 'name') ?? '';
    const tool = toolbox.find(name);
    if (tool !== undefined) registerTool(server, exchange, tool, name);
    else {
      server.server.setRequestHandler('tools/call', () => {
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, noSuchTool(name, exchange));
      });
    }
  }
};

/** Asking for every tool whether it may be seen costs as much as the rest of a kept list. An actor is kept for a second at most. */
const keys = new WeakMap<Actor, Map<string, string>>();
const keysOf = (actor: Actor): Map<string, string> => {
  const known = keys.get(actor) ?? new Map<string, string>();
  keys.set(actor, known);
  return known;
};

/** Everything that Stint offers: every operation that is open on MCP as a tool, the pages of the docs, invoices and reports by their address, prompts. */
export const stintOffer: Offer = {
  options: { capabilities, cacheHints },
  instructions: instructionsFor,
  register: (server, exchange) => {
    const { method } = exchange.message;
    const about = typeof method === 'string' ? method : '';
    if (about.startsWith('tools/')) registerTools(server, exchange);
    if (about.startsWith('resources/') || about === completion) {
      registerResources(server, exchange);
      registerRecordResources(server, exchange);
    }
    if (about.startsWith('prompts/') || about === completion) registerPrompts(server, exchange);
  },
  readState: async (exchange, state) => {
    const { house, actor, message, toolbox } = exchange;
    const tool = toolbox.find(textParam(message, 'name') ?? '');
    if (tool === undefined || !(await isQuestion(house, actor, tool.operation, state))) {
      throw new Error('not the state of a question that is open to this caller');
    }
    return state;
  },
  // One and the same list for everybody who may see the same tools spelled the same way; prompts and resources are the same for all.
  listKey: ({ message, menu, toolbox, actor, now }) => {
    if (message.method !== 'tools/list') return '';
    const known = keysOf(actor);
    const second = Math.floor(now.epochMilliseconds / 1000);
    const asked = `${second} ${menu.spelling} ${menu.toolsets === null ? '' : [...menu.toolsets].join()}`;
    let key = known.get(asked);
    if (key === undefined) {
      const shown = toolbox.visible(actor, menu, now);
      key = createHash('sha256')
        .update(`${menu.spelling} ${shown.map(({ operation }) => operation.name).join(' ')}`)
        .digest('base64');
      known.set(asked, key);
    }
    return key;
  },
  speaksFirst: () => false,
};
