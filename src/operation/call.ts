import { sql } from 'kysely';
import { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import { conflictVersion } from '#values/refusal.ts';
import type { Actor } from './actor.ts';
import type { Operation } from './operation.ts';

/** What a write leaves in the audit log: which record, and how it was and is. Secrets never go in. */
export interface Change {
  readonly id: string | null;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What a handler is given: one transaction in one workspace, one instant, and who asks. */
export interface Call {
  readonly tx: Transaction;
  readonly actor: Actor;
  readonly now: Temporal.Instant;
  /** Today in the caller's own zone. */
  readonly today: Temporal.PlainDate;
  /** The caller's own time zone: naive times are read in it. */
  readonly zone: string;
  /** How the request came in, as a time entry records it. */
  readonly source: 'web' | 'mcp' | 'api' | 'cli';
  /** Where people reach this house, without a slash at the end. */
  readonly publicUrl: string;
  /** Every operation there is (for docs and capabilities). */
  readonly operations: readonly Operation[];
  /** Says what the audit entry of this call is about; every write calls it once. */
  readonly changed: (change: Change) => void;
  /** Adds a sentence to meta.warnings; a later one about the same thing takes its place. */
  readonly warn: (sentence: string, about?: string) => void;
}

/** Refuses when the caller read another version than the row now has. */
export const checkVersion = (expected: number | undefined, row: { version: number }): void => {
  if (expected !== undefined && expected !== row.version)
    throw conflictVersion({ current_version: row.version });
};

/**
 * The version that an update sets: the database counts it up where a column changes, and `besides` where something changes that stands
 * in other tables. Named in every update, so that there is always something to set.
 */
export const nextVersion = (besides: boolean) => sql<number>`version + ${besides ? 1 : 0}`;

/** The argument that checkVersion takes. */
export const expectedVersion = z
  .number()
  .int()
  .positive()
  .optional()
  .describe('The version you read; the change is refused if it changed since.');
