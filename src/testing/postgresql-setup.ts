import type { TestProject } from 'vitest/node';
import { serverPrograms, startServer } from './postgresql.ts';

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string;
  }
}

/** Gives the suites of this project a PostgreSQL server: the one they are told of, or one of their own. */
export const setup = (project: TestProject): (() => void) | undefined => {
  const given = process.env['STINT_TEST_DATABASE_URL'];
  if (given !== undefined) {
    project.provide('databaseUrl', given);
    return undefined;
  }
  const server = startServer(serverPrograms()!);
  project.provide('databaseUrl', server.url);
  return server.stop;
};
