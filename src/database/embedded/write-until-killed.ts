// For store.test.ts: writes rows into the store in the given folder and prints each one's number once it is acknowledged.
import pg from 'pg';
import { openEmbeddedStore } from './store.ts';

const store = await openEmbeddedStore({
  dataDir: process.argv[2]!,
  image: new URL('./cluster.tar.zst', import.meta.url),
});
const pool = new pg.Pool(store.poolConfig);
await pool.query('create table if not exists numbers (n serial primary key, filling text)');
for (;;) {
  const { rows } = await pool.query<{ n: number }>(
    `insert into numbers (filling) values (repeat('x', 200)) returning n`,
  );
  process.stdout.write(`${rows[0]!.n}\n`);
}
