// Twenty clients who bill, pay, void and credit at once while the program is killed under them, and invoices of 1,000 lines (npm run bench:money -- 60).
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedHouse, ownServerHouse } from '#testing/own-store.ts';
import {
  embeddedMoney,
  type MoneyRound,
  type MoneyStore,
  moneyRounds,
  serverMoney,
} from '#testing/money-rounds.ts';
import { longInvoices } from './long-invoice.ts';
import { type Row, writeTable } from './performance-page.ts';

const [, , secondsText = '60', only = ''] = process.argv;
const clients = 20;

/** Lives of the program of four to sixteen seconds, which come to so many. */
const lives = (seconds: number): number[] => {
  const found: number[] = [];
  for (let left = seconds * 1000; left > 0; left -= found.at(-1)!)
    found.push(Math.min(left, randomInt(4_000, 16_000)));
  return found;
};
const counted = (keys: readonly unknown[]) =>
  [...Map.groupBy(keys, (key) => key)].map(([key, all]) => `${String(key)} ${all.length}`).join(', ');

const atOnce = async (name: string, store: MoneyStore): Promise<number> => {
  const milliseconds = lives(Number(secondsText));
  const rounds = await moneyRounds(
    store,
    clients,
    milliseconds.map((each) => ({ answers: 0, milliseconds: each })),
    ({ calls, underWay, doneAllTheSame, repeated, faults }, number) => {
      const done = calls.filter(({ outcome }) => outcome === 'done').length;
      console.log(
        `${name} ${number}: ${milliseconds[number - 1]! / 1000} s, ${done} done, ${calls.length - done - underWay} refused, ${underWay} under way (${doneAllTheSame} done), ${repeated} repeated; ${faults.length} faults`,
      );
      for (const fault of faults.slice(0, 5)) console.log(`   ${fault.slice(0, 1_500)}`);
    },
  );
  const calls = rounds.flatMap((round) => round.calls);
  const done = calls.filter(({ outcome }) => outcome === 'done');
  const times = done.map((call) => call.milliseconds).sort((one, other) => one - other);
  const at = (share: number) => Math.round(times[Math.floor(times.length * share)] ?? 0);
  const sum = (of: (round: MoneyRound) => number) => rounds.reduce((total, round) => total + of(round), 0);
  console.log(`${name}: ${counted(done.map(({ tool }) => tool))}`);
  console.log(
    `${name}: refused: ${counted(calls.filter(({ outcome }) => outcome === 'refused').map(({ code }) => code))}`,
  );
  console.log(
    `${name}: ${rounds.length} kills in ${secondsText} s, ${clients} clients, ${done.length} acknowledged (median ${at(0.5)} ms, 95 % within ${at(0.95)} ms), ${sum(({ underWay }) => underWay)} under way of which ${sum(({ doneAllTheSame }) => doneAllTheSame)} were done whole, ${sum(({ repeated }) => repeated)} repeated with their key, ${Math.max(...rounds.map(({ deadlocks }) => deadlocks))} deadlocks: ${sum(({ faults }) => faults.length)} faults.`,
  );
  return sum(({ faults }) => faults.length);
};

const long = async (): Promise<Row[]> => {
  const rows: Row[] = [];
  const own = await ownServerHouse();
  if (own !== null) rows.push(...(await longInvoices(own.house, 'PostgreSQL').finally(() => own.close())));
  const folder = mkdtempSync(join(tmpdir(), 'stint-bench-'));
  const { house, close } = await embeddedHouse(join(folder, 'data'));
  rows.push(...(await longInvoices(house, 'embedded')));
  await close();
  rmSync(folder, { recursive: true, force: true });
  return rows;
};

if (only === '' || only === 'lines') writeTable('money', await long());
let faults = 0;
if (only === '' || only === 'embedded') faults += await atOnce('embedded', embeddedMoney());
const server = only === '' || only === 'postgresql' ? serverMoney() : null;
if (server !== null) faults += await atOnce('postgresql', server);
process.exitCode = faults === 0 ? 0 : 1;
