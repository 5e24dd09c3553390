import type { RawBuilder } from 'kysely';
import type { TestHouse } from './house.ts';

/**
 * The same house, except that no call of an operation stays: each runs to its end on the real store and is then rolled back. What is
 * refused is rolled back by the house itself, as always.
 */
export const rehearsal = (house: TestHouse): TestHouse => {
  const { database } = house;
  const inWorkspace: typeof database.inWorkspace = async (workspaceId, now, work) => {
    const over = new Error('the rehearsal is over');
    let done: { result: Awaited<ReturnType<typeof work>> } | null = null;
    try {
      await database.inWorkspace(workspaceId, now, async (tx) => {
        const final: RawBuilder<unknown>[] = [];
        done = { result: await work(tx, (statement) => void final.push(statement)) };
        for (const statement of final) await statement.execute(tx);
        throw over;
      });
    } catch (error) {
      if (error !== over) throw error;
    }
    return done!.result;
  };
  return Object.assign(Object.create(house) as TestHouse, { database: { ...database, inWorkspace } });
};
