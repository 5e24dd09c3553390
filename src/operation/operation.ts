import { z } from 'zod';
import { pageInput, updatedSince } from '#values/page.ts';
import type { RefusalDefinition } from '#values/refusal.ts';
import type { Role } from './actor.ts';
import { type Call, expectedVersion } from './call.ts';
import type { Entitlement } from './plans.ts';
import type { CoarseScope, Scope } from './scopes.ts';
import { refuseUnkeepableTexts } from './unkeepable-texts.ts';
import { type Guard, guardsOf, omission } from './visible.ts';

/** The one word for risk; hints, HTTP method, audit and the asking before follow from it. */
export type Effect = 'read' | 'create' | 'update' | 'delete' | 'send';

/** How the world comes in. `mcp` is left out where something must never be a tool. */
export type Door = 'mcp' | 'http' | 'web' | 'cli';
const everyDoor: readonly Door[] = ['mcp', 'http', 'web', 'cli'];

/** What a caller needs; all of it, in the order scope → role → plan → billing. */
export interface Needs {
  /** Every one of these. Empty where any connection will do. */
  readonly scopes: readonly Scope[];
  /** One of these is enough, beside `scopes` (search across types). */
  readonly anyScope?: readonly Scope[];
  /** For tools that only a coarse connection reaches. */
  readonly coarse?: CoarseScope;
  readonly role: Role;
  readonly entitlement?: Entitlement;
  /** Ending somebody's access is never held up by the workspace's billing. */
  readonly evenReadOnly?: boolean;
  /** One's own connections can be seen and ended even where one cannot act any more. */
  readonly evenStopped?: boolean;
}

/** One capability of Stint, as every door knows it. Made by `operation`. */
export interface Operation {
  /** Dotted, `noun.verb`; the same everywhere but on the MCP wire. */
  readonly name: string;
  /** What people see as its name: "Start a timer". */
  readonly title: string;
  readonly summary: string;
  readonly guidance: string | undefined;
  readonly effect: Effect;
  readonly needs: Needs;
  readonly doors: ReadonlySet<Door>;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  readonly guards: readonly Guard[];
  readonly refusals: readonly RefusalDefinition<never>[];
  /** A read that shows what a change would come to: it makes the change, answers, and takes it back. */
  readonly rehearses: boolean;
  /** What the user must say yes to first, where somebody can ask them. */
  readonly asks: ((input: never, call: Call) => Promise<string | null>) | undefined;
  readonly handle: (input: never, call: Call) => Promise<unknown>;
}

interface Definition<Input extends z.ZodRawShape, Output extends z.ZodRawShape> {
  name: string;
  title: string;
  summary: string;
  guidance?: string;
  effect: Effect;
  needs: Omit<Needs, 'scopes'> & { scope?: Scope | readonly Scope[] };
  doors?: readonly Door[];
  input: z.ZodObject<Input>;
  output: z.ZodObject<Output>;
  refusals?: readonly RefusalDefinition<never>[];
  /** `required` where doing it twice would reach somebody twice; `none` where the answer holds a secret, for answers are kept. */
  idempotencyKey?: 'optional' | 'required' | 'none';
  /** Whether `dry_run` is offered; for deletes it always is. */
  dryRun?: boolean;
  /** Of a read: it makes a change to show what would come of it, and nothing of that stays. */
  rehearses?: boolean;
  /**
   * The question that a client which can ask puts to the user first, as one sentence that names what and whom; null where nothing needs
   * asking. Only reads; what it refuses is refused. Asked again when it says something else by the time the answer comes. A client that
   * cannot ask goes straight on, so what must be confirmed needs an argument for that too.
   */
  asks?: (input: z.output<z.ZodObject<Input>>, call: Call) => Promise<string | null>;
  handle: (input: z.output<z.ZodObject<Input>>, call: Call) => Promise<z.input<z.ZodObject<Output>>>;
}

const idempotencyKey = z
  .string()
  .min(8)
  .max(128)
  .describe('8 to 128 characters of yours: the same call with the same key is done once and answered alike.');
const dryRun = z.boolean().default(false).describe('true: answer what would happen, change nothing.');

/** Arguments that mean the same in every operation that has them; a door may explain them once for all. */
export const commonArguments: ReadonlyMap<string, string | undefined> = new Map(
  Object.entries({
    idempotency_key: idempotencyKey,
    dry_run: dryRun,
    expected_version: expectedVersion,
    updated_since: updatedSince,
    ...pageInput,
  }).map(([name, schema]) => [name, schema.description]),
);

/** What run() adds to every answer's meta. */
const commonMeta = {
  warnings: z.array(z.string()).optional().describe('What the user should know although the call succeeded.'),
  omitted: z.array(omission).optional().describe('Fields left out of this answer, and what would show them.'),
  dry_run: z.literal(true).optional().describe('Nothing was changed.'),
  replayed: z
    .literal(true)
    .optional()
    .describe('This is the first answer to this idempotency_key; nothing was done again.'),
};
/** What run() can say beside any answer. */
export type CommonMeta = z.output<z.ZodObject<typeof commonMeta>>;

/**
 * Defines an operation. Adds to the input of every change `idempotency_key` (and `dry_run` where offered), refuses unknown
 * arguments, and gives every output a `meta`.
 */
export const operation = <Input extends z.ZodRawShape, Output extends z.ZodRawShape>(
  definition: Definition<Input, Output>,
): Operation => {
  const { name, effect } = definition;
  const { scope = [], ...needs } = definition.needs;
  const changes = effect !== 'read';
  const input = z
    .strictObject({
      ...definition.input.shape,
      ...(changes && (definition.dryRun === true || effect === 'delete') ? { dry_run: dryRun } : {}),
      ...(changes && definition.idempotencyKey !== 'none'
        ? {
            idempotency_key:
              definition.idempotencyKey === 'required' ? idempotencyKey : idempotencyKey.optional(),
          }
        : {}),
    })
    .superRefine(refuseUnkeepableTexts);
  const ownMeta: unknown = definition.output.shape['meta'];
  const meta =
    ownMeta instanceof z.ZodObject
      ? ownMeta.extend(commonMeta).describe('About this answer.')
      : z.object(commonMeta).optional().describe('About this answer.');
  const output = z.object({ ...definition.output.shape, meta });
  return {
    name,
    title: definition.title,
    summary: definition.summary,
    guidance: definition.guidance,
    effect,
    needs: { ...needs, scopes: [scope].flat() },
    doors: new Set(definition.doors ?? everyDoor),
    input,
    output,
    guards: guardsOf(output),
    refusals: definition.refusals ?? [],
    rehearses: definition.rehearses === true,
    asks: definition.asks,
    handle: definition.handle,
  };
};

/** The hints of an MCP tool, all four always; they follow from the effect alone. */
export const hintsOf = (effect: Effect) => ({
  readOnlyHint: effect === 'read',
  destructiveHint: effect === 'delete',
  idempotentHint: effect === 'read' || effect === 'update' || effect === 'delete',
  openWorldHint: effect === 'send',
});
