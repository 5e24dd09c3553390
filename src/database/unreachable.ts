import pg from 'pg';
import { Refusal } from '#values/refusal.ts';
import { unavailable } from './lost-connection.ts';

const mark = 'STORE_UNREACHABLE';

/** Whether nobody answers at the address of the database, or it lets nobody in. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === mark;

/** Authorization refused; no such database. */
const shutOut = /^(28|3D)/;

/** The address as it may be shown: without the password, and without parameters, which can hold one. */
const shown = (databaseUrl: string): string => {
  if (!URL.canParse(databaseUrl)) return '';
  const url = new URL(databaseUrl);
  url.password = '';
  url.search = '';
  return ` (${url.href})`;
};

const reasonOf = (error: unknown): string => {
  // Two addresses of one name fail together, without a message.
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error && error.message !== '' ? error.message : 'no answer';
};

/**
 * What to say when a server cannot be opened: where DATABASE_URL leads, and why that did not work. `broken` is what the connection
 * said, where it was lost. What is no trouble of connecting is given back as it is.
 */
export const unreachable = (databaseUrl: string, error: unknown, broken: Error | null): unknown => {
  const lost = error instanceof Refusal && error.definition === unavailable;
  if (!lost && !(error instanceof pg.DatabaseError && shutOut.test(error.code ?? ''))) return error;
  const reason = reasonOf(lost ? broken : error);
  const sentence = `The PostgreSQL that DATABASE_URL names${shown(databaseUrl)} cannot be used: ${reason}.`;
  return Object.assign(new Error(sentence, { cause: error }), { code: mark });
};
