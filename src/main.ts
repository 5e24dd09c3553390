import { pino } from 'pino';
import { createApp, listen } from '#app.ts';
import { operations } from '#catalogue.ts';
import { type Config, readConfig } from '#config.ts';
import { openStore } from '#database/open.ts';
import type { DoorHouse } from '#doors/common/house.ts';
import { httpDoor } from '#doors/http/door.ts';
import { mcpDoor } from '#doors/mcp/door.ts';
import { oauthDoor } from '#doors/oauth/door.ts';
import { webDoor } from '#doors/web/door.ts';
import { smtpSender } from '#jobs/deliver-mail.ts';
import { startJobs } from '#jobs/jobs.ts';

const clock = () => Temporal.Now.instant();

/** Opens the store, the doors and the jobs; resolves when the house is closed again. */
const serve = async (config: Config): Promise<void> => {
  const log = pino({ level: config.logLevel, redact: ['req.headers.authorization', 'req.headers.cookie'] });
  const store = await openStore(config, clock, log);
  const { promise: asked, resolve: ask } = Promise.withResolvers<string>();
  let publicUrl = '';
  const server = await listen(config.port, config.host, (port) => {
    publicUrl = config.publicUrl ?? `http://localhost:${port}`;
    const house: DoorHouse = { database: store.database, clock, log, publicUrl, operations, config };
    return createApp(house, [mcpDoor, httpDoor, oauthDoor, webDoor]);
  });
  const from = `stint@${new URL(publicUrl).hostname}`;
  const stopJobs = startJobs({
    database: store.database,
    clock,
    log,
    send: config.smtpUrl === null ? null : smtpSender(config.smtpUrl, from),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ask(signal));
  void store.stopped.then((error) => {
    log.fatal({ err: error }, 'the embedded database stopped');
    process.exitCode = 1;
    ask('database');
  });
  process.stdout.write(`Stint is at ${publicUrl}\nThe MCP address is ${publicUrl}/mcp\n`);
  await asked;
  await server.close();
  await stopJobs();
  await store.close();
};

await serve(readConfig());
