import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { DoorHouse } from '#doors/common/house.ts';

/** A door: turns somebody’s request into a call of an operation, and its answer into their language. */
export type Door = (house: DoorHouse) => Hono;

/** The house with these doors open. The last door answers what none of the others knows. */
export const createApp = (house: DoorHouse, doors: readonly Door[]): Hono => {
  const app = new Hono();
  app.get('/healthz', async (c) => {
    try {
      await house.database.run('select 1');
      return c.json({ status: 'ok' });
    } catch {
      return c.json({ status: 'the database does not answer' }, 503);
    }
  });
  for (const door of doors) app.route('/', door(house));
  return app;
};

/** A listening server. */
export interface Listening {
  readonly port: number;
  /**
   * Stops taking requests, lets those under way finish (at most `graceMs`), then closes what is left. Containers are killed ten seconds
   * after they were asked to stop, so eight leave time for the store. A second call may be in more of a hurry.
   */
  close(graceMs?: number): Promise<void>;
}

/** Listens; `appFor` is told the port, so that port 0 works. */
export const listen = (port: number, host: string, appFor: (port: number) => Hono): Promise<Listening> =>
  new Promise((resolve, reject) => {
    let app: Hono | undefined;
    let closing = false;
    const server = createAdaptorServer({
      fetch: (request, env) => app?.fetch(request, env) ?? new Response('not ready', { status: 503 }),
    }) as Server;
    // A client with one request after the other on a connection that stays open would otherwise be served until the grace is over.
    server.prependListener('request', (_, response) => {
      if (closing) response.shouldKeepAlive = false;
    });
    server.requestTimeout = 60_000;
    server.headersTimeout = 20_000;
    server.on('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      app = appFor(bound);
      resolve({
        port: bound,
        close: (graceMs = 8_000) =>
          new Promise((closed) => {
            closing = true;
            const force = setTimeout(() => server.closeAllConnections(), graceMs);
            server.close(() => {
              clearTimeout(force);
              closed();
            });
            server.closeIdleConnections();
          }),
      });
    });
  });
