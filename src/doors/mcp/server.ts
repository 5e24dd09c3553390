import { McpServer } from '@modelcontextprotocol/server';
import { version } from '#config.ts';
import type { Exchange } from './exchange.ts';
import type { Offer } from './offer.ts';

/** A server for one message. It holds only what that message is about: registering a hundred tools cost more than the call. */
export const serverFor = (offer: Offer, exchange: Exchange): McpServer => {
  const { message, house, serverTitle } = exchange;
  const greets = message.method === 'initialize' || message.method === 'server/discover';
  const { readState } = offer;
  const server = new McpServer(
    { name: 'stint', title: serverTitle, version, websiteUrl: house.publicUrl },
    {
      ...offer.options,
      ...(readState && { requestState: { verify: (state: string) => readState(exchange, state) } }),
      instructions: greets ? offer.instructions(exchange) : undefined,
    },
  );
  offer.register(server, exchange);
  return server;
};
