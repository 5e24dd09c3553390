import type { Actor } from '#operation/actor.ts';
import { type House, run } from '#operation/run.ts';

/** What an operation answered, as far as the story looks into it. */
export type Answer = Record<string, { readonly id: string; readonly [field: string]: unknown }>;

/** Calls an operation as somebody, at an instant. */
export type Act = (operation: string, input: object) => Promise<Answer>;

/** Calls operations as somebody, the way the pages do, at an instant of the story. */
export const acting =
  (house: House, actor: Actor, at: Temporal.Instant, signal?: AbortSignal): Act =>
  async (name, input) => {
    signal?.throwIfAborted();
    const operation = house.operations.find((each) => each.name === name);
    if (operation === undefined) throw new Error(`the story needs ${name}`);
    const then: House = { ...house, clock: () => at };
    return (await run(then, actor, operation, input, {
      id: 'story',
      source: 'web',
      ipPrefix: null,
    })) as Answer;
  };
