// What the stores give (npm run bench:stores): a page of many entries against the same SQL by hand, inserts until saturation, a start.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type House, run } from '#operation/run.ts';
import { embeddedHouse, ownServerHouse } from '#testing/own-store.ts';
import { actorOf, makeWorkspace, type TestWorkspace } from '#testing/people.ts';
import { startProgram } from '#testing/program.ts';
import { median, type Row, writeTable } from './performance-page.ts';

const [, , manyText = '1000000', fewText = '100000'] = process.argv;
const [many, few] = [Number(manyText), Number(fewText)];
const facts = { id: 'bench', source: 'api', ipPrefix: null } as const;
const named = (house: House, name: string) => house.operations.find((each) => each.name === name)!;

/** Entries of an hour and less, over three years, twenty projects and everybody, behind the wall like all others. */
const fill = async (house: House, team: TestWorkspace, entries: number): Promise<void> => {
  const people = [team.mara, team.ada, team.noor, team.teo].map(({ membershipId }) => membershipId);
  await house.database.aboveWorkspaces(house.clock(), async (tx) => {
    const id = (prefix: string, n: string) => sql.raw(`'${prefix}_' || lpad(to_hex(${n}), 26, '0')`);
    await sql`insert into projects (id, workspace_id, name, currency) select ${id('prj', 'n')}, ${team.id}, 'Project ' || n, 'EUR' from generate_series(1, 20) n`.execute(
      tx,
    );
    await sql`insert into time_entries (id, workspace_id, membership_id, project_id, description, mode, state, timezone, local_date,
        duration_seconds, billable, rate_minor, currency, rate_source, source, created_at, updated_at)
      select ${id('ten', 'n')}, ${team.id}, (${people}::text[])[1 + n % 4], ${id('prj', '1 + n % 20')}, 'work on ' || n,
        'duration', 'stopped', 'Europe/Berlin', date '2023-10-01' + (n % 1100)::int, 300 + n % 3600, n % 5 > 0, 8500, 'EUR', 'workspace', 'web', now(), now()
      from generate_series(1, ${entries}::int) n`.execute(tx);
  });
  await house.database.run('vacuum (analyze) time_entries');
  await house.database.run('vacuum (analyze) projects');
};

/** What somebody would write by hand for a page of one month of everybody, with its totals: two statements in one transaction. */
const byHand = (house: House, team: TestWorkspace) =>
  house.database.inWorkspace(team.id, house.clock(), async (tx) => {
    await sql`select e.*, p.name as project_name, c.name as client_name, t.summary, coalesce(m.display_name, u.name) as member_name,
        (select json_agg(s) from time_segments s where s.entry_id = e.id) as segments,
        (select json_agg(g) from time_entry_tags x join tags g on g.id = x.tag_id where x.entry_id = e.id) as tags
      from (select * from time_entries where deleted_at is null and local_date >= '2026-08-01' and local_date <= '2026-08-31'
        order by local_date desc, coalesce(started_at, '-infinity') desc, id desc limit 51) e
      left join projects p on p.id = e.project_id left join clients c on c.id = e.client_id left join tasks t on t.id = e.task_id
      left join memberships m on m.id = e.membership_id left join users u on u.id = m.user_id
      order by e.local_date desc, coalesce(e.started_at, '-infinity') desc, e.id desc`.execute(tx);
    await sql`select currency, count(*), sum(duration_seconds), sum(duration_seconds) filter (where billable),
        sum(duration_seconds::numeric * rate_minor) filter (where billable) from time_entries
      where deleted_at is null and local_date >= '2026-08-01' and local_date <= '2026-08-31' group by currency`.execute(
      tx,
    );
  });

/** Medians of both, taking turns, so that whatever else the machine does is shared. */
const page = async (house: House, team: TestWorkspace) => {
  const actor = await actorOf(house, team.mara);
  const list = named(house, 'time_entries.list');
  const input = { from: '2026-08-01', to: '2026-08-31', all_members: true, limit: 50 };
  const times = { ours: [] as number[], hand: [] as number[] };
  for (let round = 0; round < 60; round += 1) {
    const start = performance.now();
    await run(house, actor, list, input, facts);
    const middle = performance.now();
    await byHand(house, team);
    if (round < 10) continue;
    times.ours.push(middle - start);
    times.hand.push(performance.now() - middle);
  }
  return { ours: median(times.ours), hand: median(times.hand) };
};

/** Entries a second through `run`, as many callers as there are people, for some seconds; and bare inserts of the same rows. */
const inserts = async (house: House, seconds: number) => {
  const team = await makeWorkspace(house);
  const actors = await Promise.all(
    [team.mara, team.ada, team.noor, team.teo].map((one) => actorOf(house, one)),
  );
  const create = named(house, 'time_entries.create');
  const rate = async (one: (n: number) => Promise<unknown>, callers: number) => {
    let done = 0;
    const until = performance.now() + seconds * 1000;
    const started = performance.now();
    const caller = async () => {
      while (performance.now() < until) await one((done += 1));
    };
    await Promise.all(Array.from({ length: callers }, caller));
    return done / ((performance.now() - started) / 1000);
  };
  const ours = (n: number) =>
    run(
      house,
      actors[n % actors.length]!,
      create,
      { date: '2026-08-03', duration_seconds: 60, description: `work ${n}` },
      facts,
    );
  const bare = (n: number) =>
    house.database.inWorkspace(team.id, house.clock(), (tx) =>
      sql`insert into tags (id, name) values (${`tag_${n.toString(16).padStart(26, '0')}`}, ${`bare ${n}`})`.execute(
        tx,
      ),
    );
  await rate(ours, 8);
  return { ours: await rate(ours, 16), bare: await rate(bare, 16) };
};

/** Milliseconds until the program says that it is ready, from a folder that was there: the middle one of five starts. */
const start = async (folder: string): Promise<number> => {
  await (await embeddedHouse(folder)).close();
  const times: number[] = [];
  while (times.length < 5) {
    const before = performance.now();
    const program = await startProgram({ STINT_DATA_DIR: folder });
    times.push(performance.now() - before);
    program.signal('SIGTERM');
    await program.ended;
  }
  return median(times);
};

const folder = mkdtempSync(join(tmpdir(), 'stint-bench-'));
const rows: Row[] = [];
const tell = (row: Row): void => {
  rows.push(row);
  console.log(row.join(' | '));
};
const ratio = (value: number) => `${value.toFixed(2)}×`;
const own = await ownServerHouse();
const onServer = async ({ house }: { house: House }) => {
  const big = await makeWorkspace(house);
  await fill(house, big, many);
  const server = await page(house, big);
  tell([
    `50 of ${many.toLocaleString('en')} entries (a month of everybody, totals), PostgreSQL, against the same SQL by hand`,
    ratio(server.ours / server.hand),
    '≤ 1.5×, at most 2×',
    server.ours <= 2 * server.hand,
  ]);
  const rate = await inserts(house, 10);
  tell([
    'time_entries.create through run() until saturation, PostgreSQL',
    `${Math.round(rate.ours)}/s (bare inserts ${Math.round(rate.bare)}/s)`,
    '–',
    true,
  ]);
};
if (own !== null) await onServer(own).finally(() => own.close());
const small = await embeddedHouse(join(folder, 'pages'));
const team = await makeWorkspace(small.house);
await fill(small.house, team, few);
const embedded = await page(small.house, team);
tell([
  `the same of ${few.toLocaleString('en')} entries, embedded`,
  ratio(embedded.ours / embedded.hand),
  '≤ 2×',
  embedded.ours <= 2 * embedded.hand,
]);
const rate = await inserts(small.house, 10);
tell([
  'time_entries.create through run() until saturation, embedded',
  `${Math.round(rate.ours)}/s (bare inserts ${Math.round(rate.bare)}/s)`,
  '400/s on a quiet machine',
  rate.ours >= 400,
]);
await small.close();
const ready = await start(join(folder, 'start'));
tell([
  'start to ready from a prepared folder, embedded',
  `${(ready / 1000).toFixed(2)} s`,
  '1.5 s on a quiet machine',
  ready <= 1500,
]);
rmSync(folder, { recursive: true, force: true });
writeTable('stores', rows);
