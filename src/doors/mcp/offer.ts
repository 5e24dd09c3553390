import type { McpServer, ServerOptions } from '@modelcontextprotocol/server';
import type { Exchange, Message } from './exchange.ts';

/**
 * What is offered through this door: tools, resources and prompts. The way of a message (origin, token, rate, body, era, headers, lists
 * kept, answers) is the same whatever is offered, so that the conformance suite can walk it with an offer of its own.
 */
export interface Offer {
  /** Capabilities, cache hints and the like: the same for everybody. */
  readonly options: ServerOptions;
  /** What a model reads first. */
  instructions(exchange: Exchange): string | undefined;
  /** Puts into a server what its one message is about, and nothing else. */
  register(server: McpServer, exchange: Exchange): void;
  /** Reads the state that came back with a user's answer, where something asks; throws when it is not one of ours for this caller. */
  readState?(exchange: Exchange, state: string): Promise<unknown>;
  /** All that decides what a list holds, beside its method and the protocol revision: equal keys, equal lists. */
  listKey(exchange: Exchange): string;
  /** Whether notifications may go before the answer to this message: older clients then need an event stream, and get JSON otherwise. */
  speaksFirst(message: Message): boolean;
}
