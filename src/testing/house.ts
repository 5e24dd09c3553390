import { pino } from 'pino';
import { createApp, type Door, listen } from '#app.ts';
import { operations } from '#catalogue.ts';
import { readConfig } from '#config.ts';
import type { DoorHouse } from '#doors/common/house.ts';
import { testDatabase } from './database.ts';

/** A house for tests: the real catalogue on the shared database, and a clock that can be set. */
export interface TestHouse extends DoorHouse {
  /** Stops the clock at an instant, or lets it run again. */
  setNow(now: Temporal.Instant | string | null): void;
  /** Everything logged at warn or above: a test may look for what must not be there. */
  readonly logged: string[];
}

/** Opens a house; cheap, for the database is shared by all tests of this process. */
export const openTestHouse = async (changes: Partial<DoorHouse> = {}): Promise<TestHouse> => {
  let stopped: Temporal.Instant | null = null;
  const logged: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) });
  return {
    // A database object of its own: what is counted per store (throttles) is then counted per house.
    database: { ...(await testDatabase()) },
    clock: () => stopped ?? Temporal.Now.instant(),
    log,
    publicUrl: 'http://localhost:4000',
    operations,
    config: readConfig({}),
    ...changes,
    setNow: (now) => {
      stopped = typeof now === 'string' ? Temporal.Instant.from(now) : now;
    },
    logged,
  };
};

/** A house whose doors are open on a free port of loopback. */
export interface ServedHouse {
  readonly house: DoorHouse;
  /** Its public URL, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Opens these doors of `house` on a free port; the house it serves has the public URL that fits. */
export const serveHouse = async (house: DoorHouse, doors: readonly Door[]): Promise<ServedHouse> => {
  let served: DoorHouse | undefined;
  const { port, close } = await listen(0, '127.0.0.1', (bound) => {
    served = Object.assign(Object.create(house) as DoorHouse, { publicUrl: `http://localhost:${bound}` });
    return createApp(served, doors);
  });
  return { house: served!, url: `http://localhost:${port}`, close: () => close(200) };
};
