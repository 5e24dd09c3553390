import type { DoorHouse } from '#doors/common/house.ts';
import type { Actor } from '#operation/actor.ts';
import type { RequestFacts } from '#operation/run.ts';
import type { Menu } from './menu.ts';
import type { RateLimiter } from '#doors/common/rate-limit.ts';
import type { Toolbox } from './toolbox.ts';

/** One JSON-RPC message as far as this door looks into it; the SDK checks the rest. */
export interface Message {
  readonly method?: unknown;
  readonly id?: unknown;
  readonly params?: unknown;
}

/** One message of somebody who has leave to speak: everything its answer is made from. */
export interface Exchange {
  readonly house: DoorHouse;
  readonly toolbox: Toolbox;
  readonly limiter: RateLimiter;
  readonly actor: Actor;
  readonly facts: RequestFacts;
  readonly menu: Menu;
  readonly now: Temporal.Instant;
  /** What the server is called: with the workspace, for people connect one server for each. */
  readonly serverTitle: string;
  readonly resourceMetadataUrl: string;
  readonly message: Message;
  /** Whether the client's protocol revision knows links to resources in results. */
  readonly takesLinks: boolean;
}

/** The string at `key` of the params, if there is one. */
export const textParam = ({ params }: Message, key: string): string | undefined => {
  const value: unknown =
    typeof params === 'object' && params !== null ? (params as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : undefined;
};
