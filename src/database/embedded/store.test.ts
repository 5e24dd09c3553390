import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreInUse } from './folder-lock.ts';
import { openEmbeddedStore } from './store.ts';
import type { EmbeddedStoreOptions } from './store.ts';

const image = new URL('./cluster.tar.zst', import.meta.url);
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'stint-store-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

/** Opens the store in the folder for as long as `work` takes. */
const withStore = async <Result>(
  work: (pool: pg.Pool) => Promise<Result>,
  options: Partial<EmbeddedStoreOptions> = {},
): Promise<Result> => {
  const store = await openEmbeddedStore({ dataDir, image, ...options });
  const pool = new pg.Pool(store.poolConfig);
  pool.on('error', () => {});
  try {
    return await work(pool);
  } finally {
    await pool.end();
    await store.close();
  }
};

const numbers = async (pool: pg.Pool): Promise<number[]> =>
  (await pool.query<{ n: number }>('select n from numbers order by n')).rows.map(({ n }) => n);

test('what was written is there after closing and opening, and the shutdown was a clean one', async () => {
  await withStore((pool) => pool.query('create table numbers (n int); insert into numbers values (1), (2)'));
  expect(controlState()).toBe('shut down');
  expect(await withStore(numbers)).toEqual([1, 2]);
});

test('every acknowledgement of a commit comes after its log has been synced to the disk', async () => {
  const probe = new Int32Array(new SharedArrayBuffer(12));
  const [syncs, answers, answersBeforeSync] = [0, 1, 2];
  await withStore(
    async (pool) => {
      await pool.query('create table numbers (n int primary key)');
      const before = [...probe];
      for (let n = 0; n < 200; n++) await pool.query('insert into numbers values ($1)', [n]);
      expect(probe[answers]! - before[answers]!).toBe(200);
      expect(probe[syncs]! - before[syncs]!).toBeGreaterThanOrEqual(200);
      expect(probe[answersBeforeSync]).toBe(0);
      const { rows } = await pool.query(`select string_agg(current_setting(name), ' ') as on
        from unnest(array['fsync', 'full_page_writes', 'synchronous_commit']) name`);
      expect(rows).toEqual([{ on: 'on on on' }]);
    },
    { probe },
  );
});

test('the probe notices an acknowledgement that does not wait for the disk', async () => {
  const probe = new Int32Array(new SharedArrayBuffer(12));
  await withStore(
    async (pool) => {
      await pool.query('create table numbers (n int); set synchronous_commit = off');
      await pool.query(`insert into numbers select generate_series(1, 200000)`);
    },
    { probe },
  );
  expect(probe[2]).toBeGreaterThan(0);
});

test('the folder and everything in it is for its owner alone', async () => {
  await withStore((pool) =>
    pool.query('create table numbers (n int); create index on numbers (n); checkpoint'),
  );
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  const everything = readdirSync(dataDir, { recursive: true, encoding: 'utf8' });
  expect(everything.length).toBeGreaterThan(300);
  expect(everything.filter((path) => (statSync(join(dataDir, path)).mode & 0o077) !== 0)).toEqual([]);
});

test('a folder that is in use is refused, with the folder, the process and a way out', async () => {
  await withStore(async () => {
    const second = openEmbeddedStore({ dataDir, image });
    await expect(second).rejects.toThrow(StoreInUse);
    await expect(second).rejects.toThrow(
      `The data folder ${dataDir} is already in use by another Stint (process ${process.pid}).`,
    );
  });
  await withStore((pool) => pool.query('select 1'));
});

test('a killed process loses no acknowledged row and leaves no lock; before that it keeps everybody out', async () => {
  const acknowledged: number[] = [];
  for (const patience of [300, 700, 40]) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'write-until-killed.ts'), dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const lines = createInterface(child.stdout);
    const first = once(lines, 'line');
    lines.on('line', (line) => acknowledged.push(Number(line)));
    await first;
    await expect(openEmbeddedStore({ dataDir })).rejects.toThrow(`(process ${child.pid})`);
    await new Promise((passed) => setTimeout(passed, patience));
    child.kill('SIGKILL');
    await ended;
  }
  expect(acknowledged.length).toBeGreaterThan(50);
  const kept = await withStore(numbers);
  expect(kept).toEqual(expect.arrayContaining(acknowledged));
  // At most the one that was under way when the process died.
  expect(kept.length - acknowledged.length).toBeLessThanOrEqual(3);
});

test('the log stays small under a long write load, and dead rows are cleared away', async () => {
  const megabyte = 1024 * 1024;
  const upkeep = {
    lookEvery: 50,
    checkpointBytes: 8 * megabyte,
    checkpointAfter: 60_000,
    vacuumWhenCalm: 200,
    vacuumAtLatest: 60_000,
    analyzeEvery: 60_000,
  };
  await withStore(
    async (pool) => {
      await pool.query(
        `create table numbers (n int, filling text); insert into numbers select n, repeat('x', 500) from generate_series(1, 2000) n`,
      );
      for (let round = 0; round < 60; round++) {
        await pool.query('begin; update numbers set n = n + 1; commit');
      }
      const { rows } = await pool.query<{ log: string; written: string }>(
        `select (select sum(size) from pg_ls_waldir()) as log, pg_current_wal_lsn() - '0/0' as written`,
      );
      expect(Number(rows[0]!.written)).toBeGreaterThan(80 * megabyte);
      expect(Number(rows[0]!.log)).toBeLessThan(60 * megabyte);

      const dead = async () =>
        (
          await pool.query<{ dead: number }>(
            `select n_dead_tup::int as dead from pg_stat_user_tables where relname = 'numbers'`,
          )
        ).rows[0]!.dead;
      await expect.poll(dead, { interval: 600, timeout: 20_000 }).toBeLessThan(100);
    },
    { upkeep },
  );
});

test('a table that grows while the store is busy gets its statistics', async () => {
  const upkeep = {
    lookEvery: 20,
    checkpointBytes: 2 ** 40,
    checkpointAfter: 2 ** 40,
    vacuumWhenCalm: 2 ** 40,
    vacuumAtLatest: 2 ** 40,
    analyzeEvery: 50,
  };
  await withStore(
    async (pool) => {
      await pool.query('create table numbers (n int); insert into numbers select generate_series(1, 3000)');
      const estimate = async () =>
        (
          await pool.query<{ reltuples: number }>(
            `select reltuples from pg_class where oid = 'numbers'::regclass`,
          )
        ).rows[0]!.reltuples;
      expect(await estimate()).toBe(-1);
      // The database counts what was written once a second at most.
      await expect.poll(estimate, { interval: 100, timeout: 20_000 }).toBe(3000);
    },
    { upkeep },
  );
});

test('an old checkpoint is followed by another one when something was written, and not otherwise', async () => {
  const upkeep = {
    lookEvery: 20,
    checkpointBytes: 2 ** 40,
    checkpointAfter: 200,
    vacuumWhenCalm: 2 ** 40,
    vacuumAtLatest: 2 ** 40,
    analyzeEvery: 2 ** 40,
  };
  await withStore(
    async (pool) => {
      const redo = async () =>
        (await pool.query<{ at: string }>('select redo_lsn::text as at from pg_control_checkpoint()'))
          .rows[0]!.at;
      await pool.query(`create table numbers (n int); insert into numbers select generate_series(1, 1000)`);
      const before = await redo();
      await expect.poll(redo, { interval: 50, timeout: 10_000 }).not.toBe(before);
      const after = await redo();
      await new Promise((passed) => setTimeout(passed, 500));
      expect(await redo()).toBe(after);
    },
    { upkeep },
  );
});

test('a transaction that stays open is not disturbed by checkpoints', async () => {
  const upkeep = {
    lookEvery: 10,
    checkpointBytes: 0,
    checkpointAfter: 0,
    vacuumWhenCalm: 0,
    vacuumAtLatest: 0,
    analyzeEvery: 0,
  };
  await withStore(
    async (pool) => {
      await pool.query('create table numbers (n int)');
      const client = await pool.connect();
      await client.query('begin; set local role pg_monitor; reset role');
      for (let n = 0; n < 20; n++) {
        await client.query('insert into numbers values ($1)', [n]);
        await new Promise((passed) => setTimeout(passed, 15));
      }
      await client.query('commit');
      client.release();
      expect(await numbers(pool)).toHaveLength(20);
    },
    { upkeep },
  );
});

test('a database that crashes says so to everybody, and later queries fail with the reason', async () => {
  const store = await openEmbeddedStore({ dataDir, image });
  const pool = new pg.Pool(store.poolConfig);
  pool.on('error', () => {});
  await pool.query('create table numbers (n int); insert into numbers values (1)');
  // Nothing to write the log to: PostgreSQL panics.
  rmSync(join(dataDir, 'postgres', 'pg_wal'), { recursive: true });
  await expect(pool.query(`select pg_switch_wal(); insert into numbers values (2)`)).rejects.toThrow(
    'crashed',
  );
  expect((await store.stopped).message).toContain('crashed');
  await expect(pool.query('select 1')).rejects.toThrow('crashed');
  await pool.end();
  await store.close();
});

test('an interrupted first start is begun anew', async () => {
  mkdirSync(join(dataDir, 'postgres.unfinished/base'), { recursive: true });
  await withStore((pool) => pool.query('select 1'));
  expect(readdirSync(dataDir).sort()).toEqual(['lock', 'postgres']);
});

/** PostgreSQL's own word on how it was left, from its control file. */
const controlState = () =>
  readFileSync(join(dataDir, 'postgres/global/pg_control')).readUInt32LE(16) === 1
    ? 'shut down'
    : 'in production';
