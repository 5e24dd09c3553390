import type { Backend } from './backend.ts';
import type { UpkeepPace } from './worker-messages.ts';

const megabyte = 1024 * 1024;
const usualPace: UpkeepPace = {
  lookEvery: 2_000,
  // About half a second of replay after a crash.
  checkpointBytes: 32 * megabyte,
  checkpointAfter: 5 * 60_000,
  vacuumWhenCalm: 30_000,
  vacuumAtLatest: 10 * 60_000,
  analyzeEvery: 5_000,
};

/** What PostgreSQL's checkpointer and autovacuum would do, which do not exist in a single process. */
export interface Upkeep {
  /** To be called after every batch with the milliseconds it took: does what is due, unless a transaction is open. */
  afterWork(milliseconds: number): void;
}

/** The log since the last checkpoint, in bytes. */
const logSinceCheckpoint = `select (pg_current_wal_insert_lsn() - redo_lsn)::bigint from pg_control_checkpoint()`;
/** A checkpoint writes so much itself. */
const quietLog = 4096;

/**
 * The one table that needs it most, by autovacuum's own thresholds: dead rows, rows inserted since (their visibility map serves
 * the covering indexes), statistics gone stale, or transaction ids that must not be let to wrap around.
 */
const tableInNeed = `
  select c.oid::regclass from pg_class c left join pg_stat_all_tables s on s.relid = c.oid
  where c.relkind in ('r', 'm') and c.relpersistence <> 't' and (
    s.n_dead_tup > 50 + 0.2 * greatest(c.reltuples, 0) or s.n_ins_since_vacuum > 1000 + 0.2 * greatest(c.reltuples, 0)
    or s.n_mod_since_analyze > 50 + 0.1 * greatest(c.reltuples, 0) or age(c.relfrozenxid) > 150000000)
  order by age(c.relfrozenxid) > 150000000 desc, s.n_dead_tup desc nulls last limit 1`;

/**
 * The table that grew most of those that have more than doubled since their statistics were taken. Plans that were made when it was all
 * but empty read all of it for one row; they are kept until its statistics are taken anew.
 */
const tableGrown = `
  select c.oid::regclass from pg_class c join pg_stat_user_tables s on s.relid = c.oid
  where s.n_mod_since_analyze > 100 + greatest(c.reltuples, 0)
  order by s.n_mod_since_analyze desc limit 1`;

/** Busy for less than this share of the time, the database is calm enough for a vacuum. */
const calmShare = 0.1;

/** Schedules checkpoints and vacuums on the one session there is, always between its transactions. */
export const startUpkeep = (backend: Backend, pace: UpkeepPace = usualPace): Upkeep => {
  const now = () => performance.now();
  let busy = 0;
  let calm = false;
  let due = false;
  let written = false;
  let bloated = false;
  let lastCheckpoint = now();
  let lastRound = now();
  let lastAnalyze = now();
  let lastTable: string | undefined;

  const checkpoint = () => {
    const bytes = Number(backend.query(logSinceCheckpoint)[0]?.[0] ?? 0);
    written = bytes > quietLog;
    const old = written && now() - lastCheckpoint > pace.checkpointAfter;
    if (!old && bytes < pace.checkpointBytes) return;
    backend.query('CHECKPOINT');
    lastCheckpoint = now();
    written = false;
  };

  /** One table at a time, so that nobody waits for more than one. */
  const vacuum = () => {
    if (now() - lastRound < (calm ? pace.vacuumWhenCalm : pace.vacuumAtLatest)) return;
    const table = backend.query(tableInNeed)[0]?.[0] ?? undefined;
    const finished = table === undefined || table === lastTable;
    lastTable = finished ? undefined : table;
    if (finished) {
      bloated = false;
      lastRound = now();
    } else backend.query(`VACUUM (ANALYZE) ${table}`);
  };

  /** Does not wait for calm: it is while much is written that tables grow. */
  const analyze = () => {
    if (now() - lastAnalyze < pace.analyzeEvery) return;
    lastAnalyze = now();
    const table = backend.query(tableGrown)[0]?.[0] ?? undefined;
    if (table !== undefined) backend.query(`ANALYZE ${table}`);
  };

  const attempt = () => {
    if (!due || backend.inTransaction()) return;
    due = false;
    try {
      if (written) checkpoint();
      if (bloated) {
        analyze();
        vacuum();
      }
    } catch {
      // A session setting of the moment (a role, a timeout) may forbid it; a later look tries again.
      lastRound = now();
    }
  };

  setInterval(() => {
    calm = busy < calmShare * pace.lookEvery;
    busy = 0;
    due = true;
    attempt();
  }, pace.lookEvery);

  return {
    afterWork: (milliseconds) => {
      busy += milliseconds;
      written = true;
      bloated = true;
      attempt();
    },
  };
};
