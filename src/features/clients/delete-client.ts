import { sql } from 'kysely';
import { z } from 'zod';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { lockRow } from '#database/lock-row.ts';
import { operation } from '#operation/operation.ts';
import { clientId, clientInUse, type ClientUses } from './client.ts';
import { findClient, storedClient } from './client-view.ts';

export const deleteClient = operation({
  name: 'clients.delete',
  title: 'Delete a client',
  summary: 'Delete a client that has no projects, tasks, time or invoices.',
  guidance:
    'A deliberate act of the user: ask first. clients.restore brings it back for 30 days. A client in use is archived with clients.update.',
  effect: 'delete',
  needs: { scope: 'clients:write', role: 'admin' },
  input: z.object({ id: clientId, expected_version: expectedVersion }),
  output: z.object({ deleted: clientId.describe('The client that is gone.') }),
  refusals: [clientInUse],
  async handle({ id, expected_version }, call) {
    const { tx, now, zone, changed } = call;
    await lockRow(tx, 'clients', id);
    const client = await findClient(call, id);
    checkVersion(expected_version, client);
    const { rows } = await sql<ClientUses>`select
      (select count(*) from projects where client_id = ${id} and deleted_at is null)::int as projects,
      (select count(*) from tasks where client_id = ${id} and deleted_at is null)::int as tasks,
      (select count(*) from time_entries where client_id = ${id} and deleted_at is null)::int as time_entries,
      (select count(*) from invoices where client_id = ${id})::int as invoices,
      (select count(*) from recurring_invoices where client_id = ${id} and deleted_at is null)::int as recurring_invoices`.execute(
      tx,
    );
    const uses = rows[0]!;
    if (Object.values(uses).some((count) => count > 0)) throw clientInUse(uses);
    await tx.updateTable('clients').set({ deleted_at: now }).where('id', '=', id).execute();
    changed({ id, before: storedClient(client, zone) });
    return { deleted: id };
  },
});
