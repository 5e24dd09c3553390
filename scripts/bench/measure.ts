import { fork } from 'node:child_process';
import { median } from './performance-page.ts';

/** One request, as it is sent again and again. */
export interface Load {
  readonly port: number;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Which part of the usual number of times, for what takes long. */
  readonly share?: number;
}

/** What a load costs this process. */
export interface Cost {
  /** Microseconds of CPU for each request: the median of all rounds. */
  readonly micros: number;
  /** The size of an answer. */
  readonly bytes: number;
}

/**
 * Measures what each load costs this process, which serves them. The rounds of the loads take turns, so that whatever else the
 * machine does is shared by all of them; what is worth something is the ratio of two costs of one run.
 */
export const measure = async <Name extends string>(
  loads: Record<Name, Load>,
  { rounds, times }: { rounds: number; times: number },
): Promise<Record<Name, Cost>> => {
  const sender = fork(new URL('load.ts', import.meta.url));
  const failed = new Promise<never>((_, reject) => {
    sender.once('exit', () => reject(new Error('a request was not answered as it should be')));
  });
  const send = (request: Load, often: number): Promise<number> => {
    const answered = new Promise<number>((resolve) => {
      sender.once('message', (message) => resolve((message as { bytes: number }).bytes));
    });
    sender.send({ request, times: often });
    return Promise.race([answered, failed]);
  };
  const names = Object.keys(loads) as Name[];
  const spent = new Map<Name, number[]>(names.map((name) => [name, []]));
  const sizes = new Map<Name, number>();
  const count = (name: Name) => Math.ceil(times * (loads[name].share ?? 1));
  // Once before, for what is compiled and kept.
  for (const name of names) sizes.set(name, await send(loads[name], count(name)));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      const before = process.cpuUsage();
      await send(loads[name], count(name));
      const { user, system } = process.cpuUsage(before);
      spent.get(name)!.push((user + system) / count(name));
    }
  }
  failed.catch(() => undefined);
  sender.kill();
  return Object.fromEntries(
    names.map((name) => [name, { micros: median(spent.get(name)!), bytes: sizes.get(name)! }]),
  ) as Record<Name, Cost>;
};
