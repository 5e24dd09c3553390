import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The real program in a process of its own. */
export interface Program {
  readonly pid: number;
  readonly url: string;
  /** Resolves when the process has ended, in whatever way. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What it has logged so far. */
  readonly log: () => string;
  signal(signal: NodeJS.Signals): void;
}

/** Starts `command`, by default `bin/stint serve --empty` on a free port, and waits until it says where it listens. */
export const startProgram = (
  env: Record<string, string>,
  command: readonly string[] = [process.execPath, join(process.cwd(), 'bin', 'stint'), 'serve', '--empty'],
): Promise<Program> => {
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    env: {
      ...process.env,
      PORT: '0',
      DATABASE_URL: '',
      STINT_PUBLIC_URL: '',
      STINT_LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) =>
    child.once('exit', (code, signal) => done({ code, signal })),
  );
  const leaveNobody = () => void child.kill('SIGKILL');
  process.once('exit', leaveNobody);
  void ended.then(() => process.off('exit', leaveNobody));
  let said = '';
  let logged = '';
  child.stderr.on('data', (chunk: Buffer) => (logged += chunk.toString()));
  return new Promise((ready, fail) => {
    child.once('error', fail);
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const url = /Stint is at (http:\S+)/.exec(said)?.[1];
      if (url === undefined) return;
      ready({
        pid: child.pid!,
        url,
        ended,
        log: () => logged,
        signal: (signal) => void child.kill(signal),
      });
    });
    void ended.then(({ code }) =>
      fail(new Error(`the program ended with ${String(code)}: ${said}${logged}`)),
    );
  });
};
