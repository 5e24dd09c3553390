// Memory of the program under an hour of mixed load through MCP (npm run bench:memory -- MINUTES CALLS_A_SECOND).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedHouse } from '#testing/own-store.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { startProgram } from '#testing/program.ts';
import { callTool, makeWriters } from '#testing/writers.ts';
import { median, type Row, writeTable } from './performance-page.ts';

const [, , minutesText = '60', paceText = '15'] = process.argv;
const [minutes, pace] = [Number(minutesText), Number(paceText)];

const megabytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

const folder = mkdtempSync(join(tmpdir(), 'stint-memory-'));
const { house, close } = await embeddedHouse(folder);
const team = await makeWorkspace(house);
const made = async (operation: string, input: object, key: string) =>
  ((await call(house, team.mara, operation, input))[key] as { id: string }).id;
const client = await made('clients.create', { name: 'Acme', currency: 'EUR' }, 'client');
const project = await made('projects.create', { name: 'Website', client_id: client }, 'project');
await call(house, team.mara, 'rates.set', {
  level: 'client',
  target_id: client,
  rate: '90.00',
  valid_from: '2026-01-01',
});
const writers = await makeWriters(house, team, 20);
await close();
const program = await startProgram({ STINT_DATA_DIR: folder });

const turns: readonly ((n: number) => [tool: string, input: Record<string, unknown>])[] = [
  (n) => [
    'time_entries_create',
    {
      date: '2026-10-05',
      duration_seconds: 60 + (n % 600),
      description: `work ${n}`,
      project_id: project,
      tags: ['load'],
    },
  ],
  () => ['time_entries_list', { from: '2026-10-01', to: '2026-10-31', limit: 50 }],
  (n) => ['timers_start', { description: `timer ${n}` }],
  () => ['reports_run', { type: 'summary', from: '2026-01-01', to: '2026-12-31', group_by: ['project'] }],
  (n) => ['tasks_create', { summary: `task ${n}` }],
  () => ['search_find', { q: 'work' }],
  () => ['timers_stop', {}],
  (n) => [
    'invoices_create',
    { client_id: client, lines: [{ description: `Design ${n}`, quantity: '2', unit_price: '90.00' }] },
  ],
  () => ['billing_hub_summary', {}],
  () => ['tools_that_are_none', {}],
];
const writing = /create|start|stop/;
const outcomes = new Map<string, number>();
const drafts: string[] = [];
let calls = 0;
const one = async (n: number): Promise<void> => {
  // Every draft is looked at as a PDF and thrown away.
  const draft = drafts.pop();
  const [tool, given] =
    draft === undefined ? turns[n % turns.length]!(n) : ['invoices_preview', { id: draft }];
  const { tokens } = writers[n % writers.length]!;
  const key = { idempotency_key: `load-${n.toString().padStart(9, '0')}` };
  const input = { ...given, ...(writing.test(tool) ? key : {}) };
  const { outcome, answer, code } = await callTool(program.url, {
    token: tokens[n % tokens.length]!,
    tool,
    input,
  });
  if (tool === 'invoices_create' && outcome === 'done')
    drafts.push((answer!['invoice'] as { id: string }).id);
  const said = `${tool} ${outcome}${code === null ? '' : ` ${code}`}`;
  outcomes.set(said, (outcomes.get(said) ?? 0) + 1);
  calls += 1;
};

const seen: number[] = [];
const started = performance.now();
let sampled = started;
for (let n = 0; performance.now() - started < minutes * 60_000; n += 1) {
  const due = started + (n * 1000) / pace;
  const wait = due - performance.now();
  if (wait > 0) await new Promise((passed) => setTimeout(passed, wait));
  void one(n);
  if (performance.now() - sampled > 5_000) {
    sampled = performance.now();
    seen.push(megabytes(program.pid));
    if (seen.length % 12 === 0)
      console.log(`${seen.length / 12} min: ${Math.round(seen.at(-1)!)} MB, ${calls} calls`);
  }
}
program.signal('SIGTERM');
await program.ended;
rmSync(folder, { recursive: true, force: true });
for (const [said, times] of [...outcomes].sort()) console.log(`${times} × ${said}`);
console.log(program.log().slice(0, 2000));
const third = Math.floor(seen.length / 3);
const early = median(seen.slice(third, 2 * third));
const late = median(seen.slice(2 * third));
const row: Row = [
  `memory in the last third of ${minutes} minutes of mixed load (${calls} calls), embedded, against the second third`,
  `${(late / early).toFixed(2)}× (${Math.round(late)} MB)`,
  '≤ 1.1×',
  late <= 1.1 * early,
];
writeTable('memory', [row]);
