import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { broken } from './half-done.ts';
import { aboutOf, lostMoney, moneyRules } from './money-rules.ts';
import { learn, makeBillers, startBilling } from './money-clients.ts';
import { houseOn } from './own-store.ts';
import { makeWorkspace } from './people.ts';
import { serverPrograms, startServer } from './postgresql.ts';
import { startProgram } from './program.ts';
import { sendCall, type Written } from './writers.ts';

/** A store that a program is started on, killed on, and that is looked through when it is dead. */
export interface MoneyStore {
  readonly env: Record<string, string>;
  open(): ReturnType<typeof houseOn>;
  /** Loses the store's own power too, and starts it again. */
  readonly crash: (() => void) | null;
  remove(): void;
}

/** A folder of its own. */
export const embeddedMoney = (): MoneyStore => {
  const folder = mkdtempSync(join(tmpdir(), 'stint-money-'));
  const dataDir = join(folder, 'data');
  return {
    env: { STINT_DATA_DIR: dataDir },
    open: () => houseOn({ databaseUrl: null, dataDir }),
    crash: null,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** A PostgreSQL of its own; null where there is none on this machine. */
export const serverMoney = (): MoneyStore | null => {
  const programs = serverPrograms();
  if (programs === null) return null;
  const server = startServer(programs);
  return {
    env: { DATABASE_URL: server.url },
    open: () => houseOn({ databaseUrl: server.url, dataDir: '' }),
    crash: () => {
      server.halt();
      server.start();
    },
    remove: () => server.stop(),
  };
};

/** What a round of billing came to. */
export interface MoneyRound {
  readonly calls: readonly (Written & { readonly milliseconds: number })[];
  /** How many calls were under way when the program died; of those, how many were done all the same, whole. */
  readonly underWay: number;
  readonly doneAllTheSame: number;
  /** Calls of the round before that were repeated with their key. */
  readonly repeated: number;
  /** How often PostgreSQL had to break a deadlock so far. */
  readonly deadlocks: number;
  /** Whatever is not as it should be. */
  readonly faults: readonly string[];
}

/** What people who bill at once are told, and understand. */
const usual = new Set([
  'access_denied',
  'already_invoiced',
  'confirmation_mismatch',
  'credit_spent',
  'invalid_state',
  'not_enough_credit',
  'not_found',
  'nothing_to_invoice',
  'over_credit',
  'over_refund',
  'overpayment',
  'role_too_low',
  'would_be_negative',
]);
const isUsual = ({ code }: Written): boolean => typeof code === 'string' && usual.has(code);

/** Repeats calls with their keys: one that was answered is answered alike, one that was not is now done once, or refused as it would be. */
const repeat = async (url: string, calls: readonly Written[]): Promise<string[]> => {
  const faults: string[] = [];
  for (const before of calls) {
    const again = await sendCall(url, before);
    const replayed = (again.answer?.['meta'] as { replayed?: boolean } | undefined)?.replayed === true;
    const well =
      before.outcome === 'unanswered'
        ? again.outcome === 'done' || isUsual(again)
        : replayed && aboutOf(again.answer) === aboutOf(before.answer);
    if (!well) faults.push(`repeated: ${JSON.stringify({ before, again }).slice(0, 900)}`);
    if (before.outcome === 'unanswered') Object.assign(before, again);
  }
  return faults;
};

/**
 * Lets so many clients bill on one store, and kills the program so many milliseconds after so many answers, for each of its lives; on
 * PostgreSQL every third time the server too. After each the store is looked through, and the next process is asked for the last one's calls again.
 */
export const moneyRounds = async (
  store: MoneyStore,
  clients: number,
  lives: readonly { answers: number; milliseconds: number }[],
  tell: (round: MoneyRound, number: number) => void = () => undefined,
): Promise<MoneyRound[]> => {
  const rounds: MoneyRound[] = [];
  try {
    const first = await store.open();
    const { billers, known } = await makeBillers(first.house, await makeWorkspace(first.house), clients);
    await first.close();
    const everything: Written[] = [];
    let last: Written[] = [];
    for (const [index, life] of lives.entries()) {
      const program = await startProgram(store.env);
      const again = [
        ...last.filter(({ outcome }) => outcome === 'unanswered'),
        ...last.filter(({ outcome }) => outcome === 'done').slice(-10),
      ];
      const faults = await repeat(program.url, again);
      for (const call of again) learn(known, call);
      const billing = startBilling(program.url, billers, known);
      await billing.answered(life.answers);
      await new Promise((passed) => setTimeout(passed, life.milliseconds));
      program.signal('SIGKILL');
      billing.stop();
      await Promise.all([program.ended, billing.over]);
      last = [...billing.calls];
      everything.push(...last);

      let { house, close } = await store.open();
      // What a server was told before the program died it may still be doing.
      const busy = `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`;
      while (store.crash !== null && (await house.database.run(busy)).rows.length > 0)
        await new Promise((later) => setTimeout(later, 20));
      const { rows } = await house.database.run(
        `select coalesce(sum(deadlocks), 0)::int as count from pg_stat_database where datname = current_database()`,
      );
      if (store.crash !== null && index % 3 === 2) {
        await close();
        store.crash();
        ({ house, close } = await store.open());
      }
      const { database } = house;
      faults.push(...(await lostMoney(database, everything)), ...(await broken(database, moneyRules)));
      const kept = await database.run('select key from idempotency_keys');
      await close();
      const keys = new Set(kept.rows.map((row) => (row as { key: string }).key));
      const wrong = last.filter(
        (call) => (call.outcome === 'refused' && !isUsual(call)) || typeof call.code === 'number',
      );
      faults.push(...wrong.map((call) => `refused: ${JSON.stringify(call).slice(0, 600)}`));
      if (wrong.length > 0 || program.log().includes('failed')) faults.push(program.log().slice(0, 2_000));
      const underWay = last.filter(({ outcome }) => outcome === 'unanswered');
      const round: MoneyRound = {
        calls: billing.calls.map((call) => ({ ...call })),
        underWay: underWay.length,
        doneAllTheSame: underWay.filter(({ input }) => keys.has(input.idempotency_key)).length,
        repeated: again.length,
        deadlocks: (rows[0] as { count: number }).count,
        faults,
      };
      rounds.push(round);
      tell(round, index + 1);
    }
    return rounds;
  } finally {
    store.remove();
  }
};
