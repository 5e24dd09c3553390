import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { halfDone, idOf, lost } from './half-done.ts';
import { makeWorkspace } from './people.ts';
import { startProgram } from './program.ts';
import { embeddedHouse } from './own-store.ts';
import { makeWriters, sendCall, startLoad, type Written } from './writers.ts';

/** What a round of killing came to. */
export interface Round {
  readonly acknowledged: number;
  /** Calls that were under way when the program died; of those, how many turned out to be done, whole. */
  readonly underWay: number;
  readonly doneAllTheSame: number;
  /** Calls of the round before that were repeated with their key. */
  readonly repeated: number;
  /** Whatever is not as it should be. */
  readonly faults: string[];
}

/** Repeats calls with their keys: one that was answered gives the same answer, one that was not is now done, once. */
const repeat = async (url: string, calls: readonly Written[]): Promise<string[]> => {
  const faults: string[] = [];
  for (const before of calls) {
    const again = await sendCall(url, before);
    const replayed = (again.answer?.['meta'] as { replayed?: boolean } | undefined)?.replayed === true;
    const stopped = before.outcome === 'unanswered' && again.outcome === 'refused';
    if (stopped && again.code === 'no_running_timer') continue;
    const well =
      again.outcome === 'done' &&
      (before.outcome === 'unanswered' || (replayed && idOf(again.answer) === idOf(before.answer)));
    if (!well) faults.push(`repeated: ${JSON.stringify({ before, again })}`);
    before.outcome = 'done';
    before.answer = again.answer;
  }
  return faults;
};

/**
 * Kills the program while six clients write, as often as asked, on one folder: each time some milliseconds after so many answers. After each kill the store is opened and looked
 * through, and the next process is asked for the last one's calls again.
 */
export const killRounds = async (
  rounds: number,
  waitFor: (round: number) => { answers: number; milliseconds: number },
  tell: (round: Round, number: number) => void = () => undefined,
): Promise<Round[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'stint-kill-'));
  const dataDir = join(folder, 'data');
  try {
    const first = await embeddedHouse(dataDir);
    const writers = await makeWriters(first.house, await makeWorkspace(first.house));
    await first.close();
    const told: Round[] = [];
    const everything: Written[] = [];
    let last: Written[] = [];
    for (let number = 1; number <= rounds; number += 1) {
      const faults: string[] = [];
      const program = await startProgram({ STINT_DATA_DIR: dataDir });
      const again = [
        ...last.filter(({ outcome }) => outcome === 'unanswered'),
        ...last.filter(({ outcome }) => outcome === 'done').slice(-12),
      ];
      faults.push(...(await repeat(program.url, again)));
      const load = startLoad(program.url, writers);
      const { answers, milliseconds } = waitFor(number);
      await load.answered(answers);
      await new Promise((passed) => setTimeout(passed, milliseconds));
      program.signal('SIGKILL');
      await Promise.all([program.ended, load.over]);
      last = load.calls;
      everything.push(...last);

      const { house, close } = await embeddedHouse(dataDir);
      const { database } = house;
      faults.push(...(await lost(database, everything)), ...(await halfDone(database)));
      const { rows } = await database.run('select key from idempotency_keys');
      await close();
      const kept = new Set(rows.map((row) => (row as { key: string }).key));
      const wrong = last.filter(({ outcome, code }) => outcome === 'refused' && code !== 'no_running_timer');
      faults.push(...wrong.map((call) => `refused: ${JSON.stringify(call)}`));
      const underWay = last.filter(({ outcome }) => outcome === 'unanswered');
      const round: Round = {
        acknowledged: load.done(),
        underWay: underWay.length,
        doneAllTheSame: underWay.filter(({ input }) => kept.has(input.idempotency_key)).length,
        repeated: again.length,
        faults,
      };
      told.push(round);
      tell(round, number);
    }
    return told;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
