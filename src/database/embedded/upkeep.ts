import type { Backend } from './backend.ts';
import type { UpkeepPace } from './worker-messages.ts';

/** About half a second of replay after a crash. */
const megabyte = 1024 * 1024;
const usualPace: UpkeepPace = {
  lookEvery: 2_000,
  checkpointBytes: 32 * megabyte,
  checkpointAfter: 5 * 60_000,
  vacuumWhenIdle: 30_000,
  vacuumAtLatest: 30 * 60_000,
};

/** What PostgreSQL's checkpointer and autovacuum would do, which do not exist in a single process. */
export interface Upkeep {
  /** To be called before every batch: notes that somebody is working. */
  working(): void;
  /** To be called after every batch: does what is due, unless a transaction is open. */
  betweenBatches(): void;
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

/** Schedules checkpoints and vacuums on the one session there is, always between its transactions. */
export const startUpkeep = (backend: Backend, pace: UpkeepPace = usualPace): Upkeep => {
  const now = () => performance.now();
  let due = false;
  let worked = false;
  let lastWork = now();
  let lastCheckpoint = now();
  let lastVacuumRound = now();

  const checkpoint = () => {
    const bytes = Number(backend.query(logSinceCheckpoint)[0]?.[0] ?? 0);
    const old = now() - lastCheckpoint > pace.checkpointAfter && bytes > quietLog;
    if (!old && bytes < pace.checkpointBytes) return;
    backend.query('CHECKPOINT');
    lastCheckpoint = now();
  };

  /** One table at a time, so that nobody waits for more than one. */
  const vacuum = () => {
    const idle = now() - lastWork > pace.vacuumWhenIdle;
    if (!idle && now() - lastVacuumRound < pace.vacuumAtLatest) return;
    const table = backend.query(tableInNeed)[0]?.[0];
    if (table) backend.query(`VACUUM (ANALYZE) ${table}`);
    else {
      lastVacuumRound = now();
      worked = false;
    }
  };

  const attempt = () => {
    if (!due || backend.inTransaction()) return;
    due = false;
    try {
      checkpoint();
      vacuum();
    } catch {
      // A session setting of the moment (a role, a timeout) may forbid it; the next look tries again.
    }
  };

  setInterval(() => {
    if (!worked) return;
    due = true;
    attempt();
  }, pace.lookEvery);

  return {
    working: () => {
      worked = true;
      lastWork = now();
    },
    betweenBatches: attempt,
  };
};
