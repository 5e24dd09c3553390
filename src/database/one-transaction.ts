import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type Database, type Last, savepoint, type Transaction } from './database.ts';
import type { Rows } from './rows.ts';

const set = (tx: Transaction, settings: string) => sql.raw(settings).execute(tx);

/**
 * Runs `work` with a database of which every transaction is a part of one: all of it is kept when `work` returns, nothing when it throws
 * or the process dies. For work that makes no sense half done. One part at a time; on the embedded store everybody else waits.
 */
export const inOneTransaction = <Result>(
  database: Database,
  now: Temporal.Instant,
  work: (database: Database) => Promise<Result>,
): Promise<Result> =>
  database.aboveWorkspaces(now, (tx) => {
    const part = async <Answer>(
      settings: string,
      inner: (tx: Transaction, last: Last) => Promise<Answer>,
    ) => {
      // The settings are made inside the savepoint, so that a part that fails takes them with it.
      const answer = await savepoint(tx, async () => {
        await set(tx, settings);
        const final: RawBuilder<unknown>[] = [];
        const result = await inner(tx, (statement) => void final.push(statement));
        for (const statement of final) await statement.execute(tx);
        return result;
      });
      await set(tx, `set local role none; set local app.workspace_id = ''`);
      return answer;
    };
    const inWorkspace: Database['inWorkspace'] = (workspaceId, at, inner) =>
      part(
        `set local role stint_app; set local app.workspace_id = '${workspaceId.replaceAll("'", '')}'; set local app.now = '${at.toString()}'`,
        inner,
      );
    return work({
      ...database,
      inWorkspace,
      readWorkspace: inWorkspace,
      aboveWorkspaces: (at, inner) => part(`set local app.now = '${at.toString()}'`, inner),
      identity: tx as Kysely<Rows>,
    });
  });
