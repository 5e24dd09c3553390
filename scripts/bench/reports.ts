// What reports cost as the work grows (npm run bench:reports): a month and a year of everybody, against the same SQL by hand, on PostgreSQL.
import { sql } from 'kysely';
import { type House, run } from '#operation/run.ts';
import { ownServerHouse } from '#testing/own-store.ts';
import { actorOf, makeWorkspace, type TestWorkspace } from '#testing/people.ts';
import { median, type Row, writeTable } from './performance-page.ts';

const sizes = (process.argv[2] ?? '10000,100000,1000000').split(',').map(Number);
const rounds = Number(process.argv[3] ?? 15);
const facts = { id: 'bench', source: 'api', ipPrefix: null } as const;
const id = (prefix: string, n: string) => sql.raw(`'${prefix}_' || lpad(to_hex(${n}), 26, '0')`);

/** Entries of an hour and less over three years, a fiftieth of five hours and most of those over midnight (only these have stretches); forty projects of ten clients, six rates, two currencies. */
const fill = async (house: House, team: TestWorkspace, entries: number, from: number): Promise<void> => {
  const people = [team.mara, team.ada, team.noor, team.teo].map(({ membershipId }) => membershipId);
  await house.database.aboveWorkspaces(house.clock(), async (tx) => {
    await sql`insert into clients (id, workspace_id, name, currency)
      select ${id('cli', `${from} + n`)}, ${team.id}, 'Client ' || n, case when n % 5 = 0 then 'USD' else 'EUR' end from generate_series(1, 10) n`.execute(
      tx,
    );
    await sql`insert into projects (id, workspace_id, client_id, name, currency)
      select ${id('prj', `${from} + n`)}, ${team.id}, ${id('cli', `${from} + 1 + n % 10`)}, 'Project ' || n,
        case when (1 + n % 10) % 5 = 0 then 'USD' else 'EUR' end from generate_series(1, 40) n`.execute(tx);
    // What is older than three months was billed.
    await sql`insert into invoices (id, workspace_id, client_id, currency, issue_date, due_date, created_by)
      select ${id('inv', `${from} + n`)}, ${team.id}, ${id('cli', `${from} + n`)}, 'EUR', '2026-06-01', '2026-06-15', ${team.mara.membershipId}
      from generate_series(1, 10) n`.execute(tx);
    await sql`insert into time_entries (id, workspace_id, membership_id, project_id, client_id, description, mode, state, started_at, ended_at,
        timezone, local_date, duration_seconds, billable, rate_minor, cost_rate_minor, currency, rate_source, source, invoice_id, created_at, updated_at)
      select ${id('ten', `${from} + n`)}, ${team.id}, (${people}::text[])[1 + n % 4], ${id('prj', `${from} + 1 + n % 40`)},
        ${id('cli', `${from} + 1 + (1 + n % 40) % 10`)}, 'work on ' || n, 'interval', 'stopped', at, at + length, 'Europe/Berlin',
        (at at time zone 'Europe/Berlin')::date, extract(epoch from length), n % 5 > 0, 7000 + 500 * (n % 6), 3000 + 100 * (n % 4),
        case when (1 + (1 + n % 40) % 10) % 5 = 0 then 'USD' else 'EUR' end, 'workspace', 'web',
        case when at < '2026-06-01' then ${id('inv', `${from} + 1 + (1 + n % 40) % 10`)} end, now(), now()
      from (select n, (date '2023-11-01' + (n % 1100)::int)::timestamptz + interval '1 minute' * (case when n % 50 = 0 then 1275 else 360 + n % 700 end) as at,
        interval '1 second' * (case when n % 50 = 0 then 18000 else 300 + n % 3600 end) as length from generate_series(1, ${entries}::int) n) x`.execute(
      tx,
    );
    await sql`insert into time_segments (id, workspace_id, entry_id, started_at, ended_at)
      select 'seg_' || substr(id, 5), workspace_id, id, started_at, ended_at from time_entries where workspace_id = ${team.id} and over_midnight`.execute(
      tx,
    );
  });
  for (const table of ['time_entries', 'time_segments', 'projects', 'clients'])
    await house.database.run(`vacuum (analyze) ${table}`);
};

/** What somebody would write by hand: by project, with the name, in one transaction with the workspace set. */
const byHand = (house: House, team: TestWorkspace, from: string, to: string) =>
  house.database.inWorkspace(team.id, house.clock(), (tx) =>
    sql`select g.project_id, p.name, g.currency, g.entries, g.seconds, g.billable_seconds, g.worth from (
        select project_id, currency, count(*) as entries, sum(duration_seconds) as seconds,
          sum(duration_seconds) filter (where billable) as billable_seconds,
          sum(duration_seconds::numeric * rate_minor) filter (where billable) as worth
        from time_entries where deleted_at is null and local_date between ${from}::date and ${to}::date group by project_id, currency) g
      left join projects p on p.id = g.project_id order by lower(p.name)`.execute(tx),
  );

/** Medians in milliseconds of everything, taking turns, so that whatever else the machine does is shared. */
const measure = async (work: Record<string, () => Promise<unknown>>): Promise<Record<string, number>> => {
  const times = new Map(Object.keys(work).map((name) => [name, [] as number[]]));
  for (let round = -2; round < rounds; round += 1)
    for (const [name, once] of Object.entries(work)) {
      const start = performance.now();
      await once();
      if (round >= 0) times.get(name)!.push(performance.now() - start);
    }
  return Object.fromEntries([...times].map(([name, each]) => [name, median(each)]));
};

const month = { from: '2026-08-01', to: '2026-08-31' };
const year = { from: '2025-09-01', to: '2026-08-31' };

const own = await ownServerHouse();
if (own === null) throw new Error('there is no PostgreSQL on this machine');
const { house } = own;
const report = house.operations.find(({ name }) => name === 'reports.run')!;
const hub = house.operations.find(({ name }) => name === 'billing_hub.summary')!;
const found: { size: number; times: Record<string, number> }[] = [];
try {
  for (const [index, size] of sizes.entries()) {
    const team = await makeWorkspace(house);
    await fill(house, team, size, (index + 1) * 100_000_000);
    const actor = await actorOf(house, team.mara);
    const ask = (input: object) => () => run(house, actor, report, { type: 'summary', ...input }, facts);
    const times = await measure({
      'by hand, month': () => byHand(house, team, month.from, month.to),
      'summary by project, month': ask(month),
      'by hand, year': () => byHand(house, team, year.from, year.to),
      'summary by project, year': ask(year),
      'summary by month, member and project, year': ask({
        ...year,
        group_by: ['month', 'member', 'project'],
      }),
      'split at midnight by day, month': ask({ ...month, group_by: ['day'], split_at_midnight: true }),
      'split at midnight by day, year': ask({
        ...year,
        group_by: ['day'],
        split_at_midnight: true,
        limit: 400,
      }),
      'profitability by client, year': ask({ ...year, type: 'profitability', group_by: ['client'] }),
      'detailed, 100 rows of a year': ask({ ...year, type: 'detailed' }),
      'uninvoiced by client, everything': ask({ type: 'uninvoiced', to: year.to }),
      'billing_hub.summary': () => run(house, actor, hub, {}, facts),
    });
    found.push({ size, times });
    console.log(size, times);
  }
} finally {
  await own.close();
}

const first = found[0]!;
const rows: Row[] = Object.keys(first.times).map((name) => {
  const milliseconds = found.map(({ times }) => Math.round(times[name]!)).join(' / ');
  const hand = /summary by project, (month|year)/.exec(name)?.[1];
  const ratios = found.map(({ times }) => times[name]! / times[`by hand, ${hand}`]!);
  return hand === undefined
    ? [name, milliseconds, '–', true]
    : [
        name,
        `${milliseconds} (${ratios.map((ratio) => `${ratio.toFixed(2)}×`).join(' / ')})`,
        '≤ 2× by hand where it takes 10 ms',
        found.every(({ times }, at) => times[`by hand, ${hand}`]! < 10 || ratios[at]! <= 2),
      ];
});
console.log(`milliseconds at ${sizes.map((size) => size.toLocaleString('en')).join(' / ')} entries`);
writeTable('reports', rows);
