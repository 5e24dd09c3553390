import { textParam } from '#doors/mcp/exchange.ts';
import type { Offer } from '#doors/mcp/offer.ts';
import { registerAskingPrompt, registerAskingTools, requestState } from './fixture-asking.ts';
import {
  registerFixturePrompts,
  registerFixtureResources,
  registerFixtureWatching,
} from './fixture-reading.ts';
import { registerSchemaTools } from './fixture-schemas.ts';
import { registerFixtureTools, speakingTools } from './fixture-tools.ts';

/**
 * What the conformance suite wants to find behind an endpoint, for the door of Stint to offer in place of what Stint offers. The names and
 * the words are the suite's.
 * @see https://github.com/modelcontextprotocol/conformance
 */
export const fixtureOffer: Offer = {
  options: {
    capabilities: {
      tools: { listChanged: false },
      resources: { listChanged: false, subscribe: true },
      prompts: { listChanged: false },
      completions: {},
      logging: {},
    },
    requestState,
  },
  instructions: () => undefined,
  register: (server) => {
    registerFixtureTools(server);
    registerAskingTools(server);
    registerSchemaTools(server);
    registerFixtureResources(server);
    registerFixtureWatching(server);
    registerFixturePrompts(server);
    registerAskingPrompt(server);
  },
  listKey: () => '',
  speaksFirst: (message) =>
    message.method === 'tools/call' && speakingTools.has(textParam(message, 'name') ?? ''),
};
