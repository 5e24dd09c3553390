import { pino } from 'pino';
import { operations } from '#catalogue.ts';
import { openStore, type Whereabouts } from '#database/open.ts';
import type { House } from '#operation/run.ts';
import { serverPrograms, startServer } from './postgresql.ts';

/** A house on a store of its own, for arranging before a program has it and looking after. */
export const houseOn = async (where: Whereabouts) => {
  const clock = () => Temporal.Now.instant();
  const log = pino({ level: 'silent' });
  const { database, close } = await openStore(where, clock, log);
  const house: House = { database, clock, log, publicUrl: 'http://localhost:4000', operations };
  return { house, close };
};

/** A house on a folder that no program has open at the time. */
export const embeddedHouse = (dataDir: string) => houseOn({ databaseUrl: null, dataDir });

/** A house on a PostgreSQL of a test's own, which can be halted; null where there is no PostgreSQL here. */
export const ownServerHouse = async () => {
  const programs = serverPrograms();
  if (programs === null) return null;
  const server = startServer(programs);
  const { house, close } = await houseOn({ databaseUrl: server.url, dataDir: '' });
  return {
    server,
    house,
    close: async () => {
      await close();
      server.stop();
    },
  };
};
