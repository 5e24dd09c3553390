/** How a refusal is answered: each kind has one HTTP status, and no other meaning. */
export type RefusalKind =
  'invalid' | 'denied' | 'not_found' | 'conflict' | 'limited' | 'unavailable' | 'broken';

/** A way to say no: its code, its sentence, and the operation that helps. Made once, beside the operation that needs it. */
export interface RefusalDefinition<Details extends object = object> {
  readonly code: string;
  readonly kind: RefusalKind;
  /** The line of the reference page. */
  readonly about: string;
  /** The operation that helps, for every refusal of this code. */
  readonly fixTool?: string | undefined;
  /** Makes the refusal to throw. The details are shown to the client, so they hold nothing it may not see. */
  (details: Details, field?: string): Refusal;
}

/** What a client is told when we say no. Never holds text that we did not write, beyond quoting the caller's own input. */
export class Refusal extends Error {
  readonly definition: RefusalDefinition<never>;
  readonly code: string;
  readonly kind: RefusalKind;
  readonly field: string | undefined;
  readonly details: object;
  readonly fixTool: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    definition: RefusalDefinition<never>,
    message: string,
    extra: {
      field?: string | undefined;
      details: object;
      fixTool?: string | undefined;
      retryAfterMs?: number | undefined;
    },
  ) {
    super(message);
    this.name = 'Refusal';
    this.definition = definition;
    this.code = definition.code;
    this.kind = definition.kind;
    this.field = extra.field;
    this.details = extra.details;
    this.fixTool = extra.fixTool;
    this.retryAfterMs = extra.retryAfterMs;
  }

  /** The shape at every door. */
  toJSON() {
    return {
      code: this.code,
      message: this.message,
      ...(this.field === undefined ? {} : { field: this.field }),
      ...(Object.keys(this.details).length === 0 ? {} : { details: this.details }),
      ...(this.fixTool === undefined ? {} : { fix_tool: this.fixTool }),
      ...(this.retryAfterMs === undefined ? {} : { retry_after_ms: this.retryAfterMs }),
      retryable: this.kind === 'limited' || this.kind === 'unavailable',
    };
  }
}

/** Every refusal that exists, by code; the reference page of errors is made from it. */
export const refusals = new Map<string, RefusalDefinition<never>>();

/**
 * Declares a way to say no. `about` is the line of the reference page; `say` names the thing, what is allowed and what to do.
 * Details other than `retry_after_ms` and `message` (which is the sentence) are shown under `details`.
 */
export const refusal = <Details extends object = object>(
  code: string,
  kind: RefusalKind,
  about: string,
  say: (details: Details) => string,
  options: { fixTool?: string } = {},
): RefusalDefinition<Details> => {
  if (refusals.has(code)) throw new Error(`two refusals are called ${code}`);
  const make = (details: Details, field?: string): Refusal => {
    const {
      retry_after_ms: retryAfterMs,
      message: _,
      ...shown
    } = details as Details & { retry_after_ms?: number; message?: string };
    return new Refusal(definition, say(details), {
      field,
      details: shown,
      fixTool: options.fixTool,
      retryAfterMs,
    });
  };
  const definition = Object.assign(make, { code, kind, about, fixTool: options.fixTool });
  refusals.set(code, definition);
  return definition;
};

/** The HTTP status of each kind (RFC 9110). */
export const statusOf: Record<RefusalKind, number> = {
  invalid: 422,
  denied: 403,
  not_found: 404,
  conflict: 409,
  limited: 429,
  unavailable: 503,
  broken: 500,
};

export const validationFailed = refusal<{ message: string; issues?: { path: string; message: string }[] }>(
  'validation_failed',
  'invalid',
  'The input is not well formed; the sentence says which field and what is allowed.',
  ({ message }) => message,
);
/** Exactly this sentence, whether the thing never existed, was deleted, or is another workspace's. */
export const notFound = refusal(
  'not_found',
  'not_found',
  'Nothing of that id is visible to you. Ids of other workspaces answer exactly like ids that never existed.',
  () => 'Resource not found',
);
export const accessDenied = refusal<{ because?: string; requires?: string }>(
  'access_denied',
  'denied',
  'Your role does not allow this, or the record is somebody else’s.',
  () => 'Access denied',
);
export const conflictVersion = refusal<{ current_version: number }>(
  'conflict_version',
  'conflict',
  'The record changed since you read it.',
  ({ current_version }) =>
    `This record changed since you read it: it is now at version ${current_version}. Read it again, then repeat the change with expected_version ${current_version}.`,
);
export const idempotencyConflict = refusal<{ key: string }>(
  'idempotency_conflict',
  'conflict',
  'The idempotency key was used before for another call.',
  ({ key }) =>
    `The idempotency_key "${key}" was already used for a call with other arguments. Use a new key for a new call; the same key only to repeat the same call.`,
);
export const replayRefused = refusal<{ key: string }>(
  'replay_refused',
  'denied',
  'The call with this idempotency key was done, but by another role or another connection; its answer is not shown again.',
  ({ key }) =>
    `The call with the idempotency_key "${key}" was already done, with another role or through another connection or token, so its answer is not shown again. It was not repeated: read the record to see it.`,
);
export const rateLimited = refusal<{ retry_after_ms: number }>(
  'rate_limited',
  'limited',
  'Too many calls from this connection; wait for retry_after_ms.',
  ({ retry_after_ms }) => `Too many calls. Try again in ${Math.ceil(retry_after_ms / 1000)} seconds.`,
);
