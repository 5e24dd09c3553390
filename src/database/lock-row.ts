import { sql } from 'kysely';
import type { Transaction } from './database.ts';

type LockableTable =
  | 'budgets'
  | 'clients'
  | 'invoices'
  | 'oauth_grants'
  | 'projects'
  | 'recurring_invoices'
  | 'rules'
  | 'tags'
  | 'tasks'
  | 'tax_codes'
  | 'workspaces';

/** Makes other writers of this row wait until the transaction ends, so that a version that was checked is still the version. */
export const lockRow = async (tx: Transaction, table: LockableTable, id: string): Promise<void> => {
  await sql`select from ${sql.table(table)} where id = ${id} for no key update`.execute(tx);
};
