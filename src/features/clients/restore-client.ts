import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { operation } from '#operation/operation.ts';
import { notFound } from '#values/refusal.ts';
import { isRestorable } from '#values/restorable.ts';
import { clientId, clientRef } from './client.ts';
import { findClient, storedClient } from './client-view.ts';

export const restoreClient = operation({
  name: 'clients.restore',
  title: 'Bring back a client',
  summary: 'Bring back a client deleted in the last 30 days.',
  effect: 'update',
  needs: { scope: 'clients:write', role: 'admin' },
  input: z.object({ id: clientId }),
  output: z.object({ client: clientRef.describe('The client, as it was; clients.get shows it.') }),
  async handle({ id }, call) {
    const { tx, now, zone, changed } = call;
    await lockRow(tx, 'clients', id);
    const client = await findClient(call, id, { deleted: true });
    if (!isRestorable(client.deleted_at, now)) throw notFound({});
    await tx.updateTable('clients').set({ deleted_at: null }).where('id', '=', id).execute();
    const row = await findClient(call, id);
    changed({
      id,
      before: { deleted_at: client.deleted_at?.toString() ?? null },
      after: storedClient(row, zone),
    });
    return { client: { id, name: row.name } };
  },
});
