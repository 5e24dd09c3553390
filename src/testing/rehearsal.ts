import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import type { TestHouse } from './house.ts';

/**
 * The same house, except that no call of an operation stays: each runs to its end on the real store and is then rolled back. What is
 * refused is rolled back by the house itself, as always. `inspect` looks at what a call has written, above all workspaces, while it is there.
 */
export const rehearsal = (house: TestHouse, inspect?: (tx: Transaction) => Promise<void>): TestHouse => {
  const { database } = house;
  const inspectWrites = async (tx: Transaction): Promise<void> => {
    if (inspect === undefined) return;
    await sql`set local role none`.execute(tx);
    const { rows } = await sql<{
      wrote: boolean;
    }>`select pg_current_xact_id_if_assigned() is not null as wrote`.execute(tx);
    if (rows[0]!.wrote) await inspect(tx);
  };
  const inWorkspace: typeof database.inWorkspace = async (workspaceId, now, work) => {
    const over = new Error('the rehearsal is over');
    let done: { result: Awaited<ReturnType<typeof work>> } | null = null;
    try {
      await database.inWorkspace(workspaceId, now, async (tx) => {
        const final: RawBuilder<unknown>[] = [];
        done = { result: await work(tx, (statement) => void final.push(statement)) };
        for (const statement of final) await statement.execute(tx);
        await inspectWrites(tx);
        throw over;
      });
    } catch (error) {
      if (error !== over) throw error;
    }
    return done!.result;
  };
  return Object.assign(Object.create(house) as TestHouse, { database: { ...database, inWorkspace } });
};
