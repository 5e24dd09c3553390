import { readFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/server';
import { obstacle } from '#operation/obstacle.ts';
import { callTool } from './call-tool.ts';
import { type Exchange, textParam } from './exchange.ts';
import { instructionsFor } from './instructions.ts';
import { registerPrompts } from './prompts.ts';
import { registerResources } from './resources.ts';
import { scopeChallengeFor } from './step-up.ts';
import { type Tool, type Toolbox } from './toolbox.ts';
import { toolName } from './tool-name.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

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

const register = (server: McpServer, exchange: Exchange, tool: Tool, name: string): void => {
  const { actor, menu, now } = exchange;
  const { operation, description, input, output, annotations } = tool;
  server.registerTool(
    name,
    {
      title: operation.title,
      description: description[menu.spelling],
      inputSchema: input,
      outputSchema: output,
      annotations,
      scopeChallenge: () => scopeChallengeFor(actor.via, obstacle(actor, operation, now)),
    },
    (args: unknown) => callTool(exchange, tool, args),
  );
};

const registerTools = (server: McpServer, exchange: Exchange, toolbox: Toolbox): void => {
  const { message, actor, menu, now } = exchange;
  if (message.method === 'tools/list') {
    for (const tool of toolbox.visible(actor, menu, now)) {
      register(server, exchange, tool, toolName(tool.operation.name, menu.spelling));
    }
  } else if (message.method === 'tools/call') {
    // Also when it is hidden from the list: the answer must be what is missing, not that there is no such tool.
    const name = textParam(message, 'name') ?? '';
    const tool = toolbox.find(name);
    if (tool !== undefined) register(server, exchange, tool, name);
  }
};

/** A server for one message. It holds only what that message is about: registering a hundred tools cost more than the call. */
export const serverFor = (exchange: Exchange): McpServer => {
  const { message, house } = exchange;
  const greets = message.method === 'initialize' || message.method === 'server/discover';
  const server = new McpServer(
    { name: 'stint', title: exchange.serverTitle, version, websiteUrl: house.publicUrl },
    { capabilities, cacheHints, instructions: greets ? instructionsFor(exchange) : undefined },
  );
  const about = typeof message.method === 'string' ? message.method : '';
  if (about.startsWith('tools/')) registerTools(server, exchange, exchange.toolbox);
  if (about.startsWith('resources/') || about === completion) registerResources(server, exchange);
  if (about.startsWith('prompts/') || about === completion) registerPrompts(server, exchange);
  return server;
};
