import { sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import type { Id } from '#values/id.ts';

/** Where a tax code is what new invoices get without being asked. */
export const defaultsOf = async (
  tx: Transaction,
  id: Id<'tax'>,
): Promise<{ clients: number; workspace: boolean }> => {
  const { rows } = await sql<{ clients: number; workspace: boolean }>`
    select (select count(*) from clients c where c.default_tax_id = ${id} and c.deleted_at is null)::int as clients,
      (select w.settings -> 'invoice' ->> 'default_tax_id' from workspaces w) is not distinct from ${id}::text as workspace`.execute(
    tx,
  );
  return rows[0]!;
};

/** Puts one tax code in the place of another wherever that is a default, and in series that are still to come. */
export const moveDefaults = async (tx: Transaction, from: Id<'tax'>, to: Id<'tax'>): Promise<void> => {
  await sql`update clients set default_tax_id = ${to} where default_tax_id = ${from}`.execute(tx);
  await sql`update expense_categories set default_tax_id = ${to} where default_tax_id = ${from}`.execute(tx);
  await sql`update workspaces set settings = jsonb_set(settings, '{invoice,default_tax_id}', to_jsonb(${to}::text))
    where settings -> 'invoice' ->> 'default_tax_id' = ${from}`.execute(tx);
  // Of the series as such and of their lines; an id in quotes stands nowhere else.
  await sql`update recurring_invoices set template = replace(template::text, ${`"${from}"`}, ${`"${to}"`})::jsonb
    where status in ('active', 'paused') and deleted_at is null and position(${`"${from}"`} in template::text) > 0`.execute(
    tx,
  );
};
