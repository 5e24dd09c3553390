import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const { resolve: find } = createRequire(import.meta.url);
const program = path.join(
  path.dirname(find('@modelcontextprotocol/conformance/package.json')),
  'dist/index.js',
);

/** What the suite says. */
export interface Verdict {
  /** Scenarios that count and have no failed check, of those that count. */
  readonly score: string;
  /** Which scenarios these are, in the order of the alphabet. */
  readonly passed: readonly string[];
  /** Failed checks and warnings of the scenarios that count, as `scenario: check: what is wrong`. */
  readonly complaints: readonly string[];
  /** The same of scenarios that do not count: extensions, or too new, or too new to be sure of. */
  readonly beside: readonly string[];
}

interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly errorMessage?: string;
}

/** Runs the suite's command line under this Node; `watch` sees what it prints as it comes. Gives all of it. */
export const runConformance = (
  args: readonly string[],
  watch: (printed: string) => void = () => undefined,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        watch(printed);
      });
    }
    child.on('error', reject);
    child.on('close', () => resolve(printed));
  });

const notScored = (printed: string): Set<string> =>
  new Set(
    [...printed.matchAll(/^ {2}[✓✗] (\S+) \((?:extension|pending|added-after-release)\)/gm)].map(
      ([, name]) => name!,
    ),
  );

/** Runs what a revision requires of a server, once, and reads what the suite wrote about every check. */
export const conformanceOf = async (url: string, revision: string): Promise<Verdict> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'stint-conformance-'));
  try {
    const printed = await runConformance([
      'server',
      '--url',
      url,
      '--requirements',
      revision,
      '--output-dir',
      folder,
    ]);
    const unscored = notScored(printed);
    const verdicts = await Promise.all(
      (await readdir(folder)).map(async (name) => {
        const scenario = name.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '');
        const checks = JSON.parse(await readFile(path.join(folder, name, 'checks.json'), 'utf8')) as Check[];
        const complaints = checks
          .filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
          .map(({ id, status, errorMessage }) => `${scenario}: ${status} ${id}: ${errorMessage ?? ''}`);
        const failed = checks.some(({ status }) => status === 'FAILURE');
        return { scenario, complaints, failed };
      }),
    );
    if (verdicts.length === 0) throw new Error(`the suite did not run: ${printed}`);
    verdicts.sort((a, b) => a.scenario.localeCompare(b.scenario));
    const counted = verdicts.filter(({ scenario }) => !unscored.has(scenario));
    const passed = counted.filter(({ failed }) => !failed).map(({ scenario }) => scenario);
    return {
      score: `${passed.length}/${counted.length}`,
      passed,
      complaints: counted.flatMap(({ complaints }) => complaints),
      beside: verdicts
        .filter(({ scenario }) => unscored.has(scenario))
        .flatMap(({ complaints }) => complaints),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
