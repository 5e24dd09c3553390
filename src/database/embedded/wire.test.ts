import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmbeddedStore } from './store.ts';
import type { EmbeddedStore } from './store.ts';

const emptyCluster = new URL('./cluster.tar.zst', import.meta.url);
let store: EmbeddedStore;
let pool: pg.Pool;

beforeAll(async () => {
  store = await openEmbeddedStore({ dataDir: 'memory', image: emptyCluster });
  pool = new pg.Pool(store.poolConfig);
});
afterAll(async () => {
  await pool.end();
  await store.close();
});

test('answers with typed rows, for parameters of every size', async () => {
  const { rows } = await pool.query('select $1::int + 1 as sum, length($2) as size, $3::jsonb as json', [
    41,
    'ü'.repeat(3_000_000),
    { a: [1] },
  ]);
  expect(rows).toEqual([{ sum: 42, size: 3_000_000, json: { a: [1] } }]);
});

test('answers that are large arrive whole and in order', async () => {
  const { rows } = await pool.query<{ n: number; filling: string }>(
    `select n, repeat('x', 100) as filling from generate_series(1, 50000) n`,
  );
  expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: 50_000 }, (_, index) => index + 1));
});

test('a statement that fails tells why, and the next one works', async () => {
  await expect(pool.query('select 1/0')).rejects.toMatchObject({ code: '22012' });
  await expect(pool.query('select $1::int / 0', [1])).rejects.toMatchObject({ code: '22012' });
  await expect(pool.query('selec $1', [1])).rejects.toMatchObject({ code: '42601' });
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('several statements in one text give the rows of each, and stop at the first error', async () => {
  const results = (await pool.query(
    'begin; select 1 as a; select 2 as b; commit',
  )) as unknown as pg.QueryResult[];
  expect(results.map(({ rows }) => rows as unknown)).toEqual([[], [{ a: 1 }], [{ b: 2 }], []]);
  await expect(pool.query('select 1; select 1/0; select 2')).rejects.toMatchObject({ code: '22012' });
});

test('queries sent at once are answered each with its own rows', async () => {
  const answers = await Promise.all(
    Array.from(
      { length: 100 },
      async (_, n) => (await pool.query<{ n: number }>('select $1::int as n', [n])).rows[0]?.n,
    ),
  );
  expect(answers).toEqual(Array.from({ length: 100 }, (_, n) => n));
});

test('a named prepared statement is used again, and gone with its session', async () => {
  const named = { name: 'add', text: 'select $1::int + 1 as sum', values: [1] };
  const prepared = async () => (await pool.query('select from pg_prepared_statements')).rowCount;
  await pool.query(named);
  expect((await pool.query({ ...named, values: [2] })).rows).toEqual([{ sum: 3 }]);
  expect(await prepared()).toBe(1);
  (await pool.connect()).release(true);
  expect(await prepared()).toBe(0);
  await pool.query(named);
});

test('a connection that breaks off in a transaction leaves nothing behind for the next', async () => {
  await pool.query('create table broken_off (id int)');
  const client = await pool.connect();
  await client.query(`begin; set local role pg_monitor; set statement_timeout = 1234`);
  await client.query('reset role; insert into broken_off values (1)');
  await client.query(`listen something; set work_mem = '7MB'; create temporary table rest (id int)`);
  client.release(true);
  const { rows } = await pool.query(`
    select count(*)::int as written, current_user as who, current_setting('work_mem') as memory, to_regclass('rest') as rest
    from broken_off`);
  expect(rows).toEqual([{ written: 0, who: 'postgres', memory: '4MB', rest: null }]);
});

test('a second client waits for the first to end', async () => {
  const order: string[] = [];
  const first = await pool.connect();
  const second = new pg.Client(store.poolConfig);
  const connected = second.connect().then(() => order.push('second connects'));
  await first.query('select 1');
  order.push('first ends');
  first.release(true);
  await connected;
  await second.end();
  expect(order).toEqual(['first ends', 'second connects']);
});

test('notifications arrive', async () => {
  const client = await pool.connect();
  const payload = new Promise((heard) => client.once('notification', (message) => heard(message.payload)));
  await client.query('listen news');
  await client.query(`notify news, 'of the day'`);
  expect(await payload).toBe('of the day');
  await client.query('unlisten news');
  client.release();
});

test('COPY FROM STDIN is refused without harm, since the single process cannot wait for the data', async () => {
  await pool.query('create table copied (text text)');
  await expect(pool.query('copy copied from stdin')).rejects.toThrow('takes no COPY FROM STDIN');
  await expect(
    pool.query({ text: 'copy copied from stdin', queryMode: 'extended' } as pg.QueryConfig),
  ).rejects.toThrow();
  await pool.query(`insert into copied values ('how to copy from stdin'), ($1)`, ['copy x from stdin']);
  expect((await pool.query('select from copied')).rowCount).toBe(2);
});

test('the main thread goes on while a query runs', async () => {
  let turns = 0;
  const clock = setInterval(() => turns++, 5);
  await pool.query(`select count(*) from generate_series(1, 1000000) n where n % 7 = 3`);
  clearInterval(clock);
  expect(turns).toBeGreaterThan(5);
});

test('after close() every query fails with a sentence', async () => {
  const other = await openEmbeddedStore({ dataDir: 'memory', image: emptyCluster });
  const late = new pg.Pool(other.poolConfig);
  late.on('error', () => {});
  await late.query('select 1');
  await other.close();
  await expect(late.query('select 1')).rejects.toThrow('The embedded database is closed.');
  await late.end();
});
