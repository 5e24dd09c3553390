import { createHash } from 'node:crypto';
import type { Transaction } from './database.ts';

/**
 * Keeps bytes under their SHA-256, which it gives. Bytes that are there already are as young as now: housekeeping removes what nothing
 * points to after a day.
 */
export const keepFile = async (tx: Transaction, bytes: Uint8Array, mime: string): Promise<string> => {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sha256 = createHash('sha256').update(content).digest('hex');
  await tx
    .insertInto('files')
    .values({ sha256, mime, content })
    .onConflict((conflict) =>
      conflict
        .columns(['workspace_id', 'sha256'])
        .doUpdateSet(({ ref }) => ({ created_at: ref('excluded.created_at') })),
    )
    .execute();
  return sha256;
};
