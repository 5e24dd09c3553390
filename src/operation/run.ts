import { randomInt } from 'node:crypto';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Database, Last, Transaction } from '#database/database.ts';
import { unavailable } from '#database/lost-connection.ts';
import { isOutdated } from '#database/sessions.ts';
import {
  accessDenied,
  conflictVersion,
  idempotencyConflict,
  notFound,
  Refusal,
  refusal,
  replayRefused,
  validationFailed,
} from '#values/refusal.ts';
import type { Actor } from './actor.ts';
import { auditEntry } from './audit-entry.ts';
import type { Call, Change } from './call.ts';
import { describeIssues } from './describe-issues.ts';
import { obstacle } from './obstacle.ts';
import type { CommonMeta, Operation } from './operation.ts';
import { allowsChanges, graceEndsAt } from './plans.ts';
import { type Consent, declined, endQuestion, keepQuestion, Question, seekConsent } from './question.ts';
import { replay } from './replay.ts';
import { removeHidden } from './visible.ts';

/** What every door holds: the store, the clock, the log, the address, and everything that can be done. */
export interface House {
  readonly database: Database;
  readonly clock: () => Temporal.Instant;
  readonly log: Logger;
  /** Where people reach this house, without a slash at the end. */
  readonly publicUrl: string;
  readonly operations: readonly Operation[];
}

/** What is known about the request beside the actor and the input. */
export interface RequestFacts {
  readonly id: string;
  readonly source: Call['source'];
  /** The network of the caller, /24 or /48: enough to recognise, too little to follow somebody. */
  readonly ipPrefix: string | null;
  /** Where the door can ask the user: what is known of their will. Left out, operations that ask go straight on. */
  readonly consent?: Consent;
}

/** An answer as every door gives it: JSON values only. */
export type Answer = Record<string, unknown> & { meta?: CommonMeta };

export const broken = refusal<{ reference: string }>(
  'internal_error',
  'broken',
  'Something failed on our side. Nothing was saved; the reference finds it in the operator’s log.',
  ({ reference }) => `Something broke on our side; nothing was saved. Quote the reference ${reference}.`,
);

const always = new Set<unknown>([
  validationFailed,
  notFound,
  accessDenied,
  conflictVersion,
  idempotencyConflict,
  replayRefused,
  declined,
  unavailable,
]);

class DryRun extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super('dry run');
    this.answer = answer;
  }
}

const reference = (): string =>
  Array.from({ length: 6 }, () => '23456789ABCDEFGHJKMNPQRSTVWXYZ'[randomInt(30)]).join('');

const isTransient = (error: unknown): boolean =>
  isOutdated(error) ||
  (error instanceof pg.DatabaseError && (error.code === '40001' || error.code === '40P01'));

const perform = async (
  house: House,
  actor: Actor,
  operation: Operation,
  input: Record<string, unknown>,
  facts: RequestFacts,
): Promise<Answer> => {
  const now = house.clock();
  const {
    idempotency_key: key,
    dry_run: dryRun,
    ...args
  } = input as { idempotency_key?: string; dry_run?: boolean };
  const zone = actor.user.timezone;
  const work = async (tx: Transaction, last: Last): Promise<Answer> => {
    if (key !== undefined && dryRun !== true) {
      const known = await replay(tx, actor, operation, key, args);
      if (known !== null) return known;
    }
    const warnings = new Map<string, string>();
    let change: Change | null = null;
    const call: Call = {
      tx,
      actor,
      now,
      today: now.toZonedDateTimeISO(zone).toPlainDate(),
      zone,
      source: facts.source,
      publicUrl: house.publicUrl,
      operations: house.operations,
      changed: (made) => {
        if (change !== null) throw new Error(`${operation.name} says twice what it changed`);
        change = made;
      },
      warn: (sentence, about = sentence) => void warnings.set(about, sentence),
    };
    if (operation.asks !== undefined && facts.consent !== undefined && dryRun !== true) {
      await seekConsent(operation, args, call, facts.consent);
    }
    // Parsing the answer keeps undeclared fields from ever leaving the house.
    const answer = operation.output.parse(await operation.handle(args as never, call)) as Answer;
    if (dryRun === true && operation.effect === 'create') {
      call.warn('This was a dry run: nothing was saved, and ids of what is new here will never exist.');
    }
    if (warnings.size > 0) answer.meta = { ...answer.meta, warnings: [...warnings.values()] };
    if (dryRun === true) throw new DryRun({ ...answer, meta: { ...answer.meta, dry_run: true } });
    if (operation.rehearses) throw new DryRun(answer);
    if (operation.effect === 'read') return answer;
    if (change === null) throw new Error(`${operation.name} does not say what it changed`);
    const kept = key === undefined ? null : { key, answer };
    last(auditEntry(actor, operation, change, facts, now, kept));
    return answer;
  };
  return operation.effect === 'read' && !operation.rehearses
    ? house.database.readWorkspace(actor.workspace.id, now, (tx) => work(tx, () => undefined))
    : house.database.inWorkspace(actor.workspace.id, now, work);
};

const performAgain = async (...call: Parameters<typeof perform>): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await perform(...call);
    } catch (error) {
      if (error instanceof DryRun) return error.answer;
      if (attempt === 4 || !isTransient(error)) throw error;
    }
  }
};

/** Keeps what was thrown if it is a question; the error that then counts. */
const keptQuestion = async (
  house: House,
  actor: Actor,
  operation: Operation,
  thrown: unknown,
): Promise<unknown> => {
  if (!(thrown instanceof Question)) return thrown;
  return keepQuestion(house, actor, operation, thrown).then(
    () => thrown,
    (error: unknown) => error,
  );
};

/**
 * The path of every call: obstacle, input, one transaction (question, handler, audit entry), then only what the actor may see.
 * Throws nothing but a Refusal (what was not foreseen becomes `internal_error` with a reference, and a line in the log) and, where the
 * door can ask, a Question.
 */
export const run = async (
  house: House,
  actor: Actor,
  operation: Operation,
  rawInput: unknown,
  facts: RequestFacts,
): Promise<Answer> => {
  const refused = obstacle(actor, operation, house.clock());
  if (refused !== null) throw refused;
  const parsed = operation.input.safeParse(rawInput ?? {});
  if (!parsed.success) {
    throw describeIssues(parsed.error, rawInput, operation.name, Object.keys(operation.input.shape));
  }
  const { consent } = facts;
  try {
    if (operation.asks !== undefined && typeof consent === 'object' && !consent.accepted) {
      await endQuestion(house, actor, operation, consent.state);
      throw declined({});
    }
    const answer = await performAgain(house, actor, operation, parsed.data, facts);
    const omitted = removeHidden(operation.guards, answer, actor);
    if (omitted.length > 0) answer.meta = { ...answer.meta, omitted };
    const { billing_state: state, past_due_since: since, timezone } = actor.workspace;
    const graceEnd = graceEndsAt(since);
    if (graceEnd !== null) {
      const day = graceEnd.toZonedDateTimeISO(timezone).toPlainDate().toString();
      const becomes = allowsChanges(state, since, house.clock())
        ? `it becomes read-only on ${day}`
        : `it is read-only since ${day}`;
      const warning = `The subscription of this workspace is past due; ${becomes}.`;
      answer.meta = { ...answer.meta, warnings: [...(answer.meta?.warnings ?? []), warning] };
    }
    return answer;
  } catch (thrown) {
    const error = await keptQuestion(house, actor, operation, thrown);
    if (error instanceof Question) throw error;
    const declared =
      error instanceof Refusal &&
      (always.has(error.definition) || operation.refusals.includes(error.definition));
    if (declared) throw error;
    const code = reference();
    house.log.error(
      { err: error, operation: operation.name, reference: code, request: facts.id },
      'call failed',
    );
    throw broken({ reference: code });
  }
};
