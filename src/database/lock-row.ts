import { sql } from 'kysely';
import type { Transaction } from './database.ts';

/** Makes other writers of this row wait until the transaction ends, so that a version that was checked is still the version. */
export const lockRow = async (
  tx: Transaction,
  table: 'budgets' | 'clients' | 'oauth_grants' | 'projects' | 'tags' | 'tasks' | 'workspaces',
  id: string,
): Promise<void> => {
  await sql`select from ${sql.table(table)} where id = ${id} for no key update`.execute(tx);
};
