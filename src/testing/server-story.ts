import { pino } from 'pino';
import { operations } from '#catalogue.ts';
import { openStore } from '#database/open.ts';
import type { House } from '#operation/run.ts';
import { serverPrograms, startServer } from './postgresql.ts';

/** A PostgreSQL of a test's own that can be halted, and a house on it for arranging and looking; null where there is no PostgreSQL here. */
export const ownServerHouse = async () => {
  const programs = serverPrograms();
  if (programs === null) return null;
  const server = startServer(programs);
  const clock = () => Temporal.Now.instant();
  const log = pino({ level: 'silent' });
  const store = await openStore({ databaseUrl: server.url, dataDir: '' }, clock, log);
  const { database } = store;
  const house: House = { database, clock, log, publicUrl: 'http://localhost:4000', operations };
  return {
    server,
    house,
    close: async () => {
      await store.close();
      server.stop();
    },
  };
};
