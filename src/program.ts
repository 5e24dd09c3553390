import { flushCompileCache } from 'node:module';
import { pino } from 'pino';
import { createApp, listen, type Listening } from '#app.ts';
import { operations } from '#catalogue.ts';
import { type Config, readConfig } from '#config.ts';
import type { EmbeddedStore } from '#database/embedded/store.ts';
import { openStore } from '#database/open.ts';
import { commandLine } from '#doors/cli/command-line.ts';
import { operatorSocket } from '#doors/cli/operator-socket.ts';
import { runCommandLine } from '#doors/cli/run-command-line.ts';
import type { DoorHouse } from '#doors/common/house.ts';
import { httpDoor } from '#doors/http/door.ts';
import { mcpDoor } from '#doors/mcp/door.ts';
import { oauthDoor } from '#doors/oauth/door.ts';
import { webDoor } from '#doors/web/door.ts';
import { startJobs } from '#jobs/jobs.ts';
import { demoPassword, isEmpty, seed } from './seed/seed.ts';

const clock = () => Temporal.Now.instant();
const say = (text: string) => process.stdout.write(text);

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(host);
/** The story has passwords that are printed: it stays on this machine. */
const maySeed = ({ host, publicUrl }: Config): boolean =>
  isLoopback(host) && (publicUrl === null || isLoopback(new URL(publicUrl).hostname));

/** The house for one process: its store, its log, its address. */
const openHouse = async (config: Config, publicUrl: string, started?: Promise<EmbeddedStore> | null) => {
  const log = pino({ level: config.logLevel }, pino.destination(2));
  const store = await openStore(config, clock, log, started);
  const house: DoorHouse = { database: store.database, clock, log, publicUrl, operations, config };
  return { house, store, close: store.close };
};

const addressOf = (config: Config, port = config.port): string =>
  config.publicUrl ?? `http://localhost:${port}`;

const plant = async (house: DoorHouse): Promise<string> => {
  const { config } = house;
  if (!maySeed(config)) return 'The example workspaces are only for a Stint on loopback.';
  const password = await seed(house, config.dataDir);
  return password === null ? 'There are accounts already; nothing was added.' : demoText(password);
};

const demoText = (password: string): string =>
  `Sign in as mara@example.com, noor@example.com, teo@example.com or vera@example.com, password ${password}`;

/** Who sends mail, if anybody does. What it takes is read only then: it is a good part of the program. */
const senderOf = async ({ smtpUrl }: Config, from: string) => {
  if (smtpUrl === null) return null;
  const { smtpSender } = await import('#jobs/smtp-sender.ts');
  return smtpSender(smtpUrl, from);
};

/** Opens the store, the doors and the jobs; resolves when the house is closed again. */
const serve = async (
  { empty }: { empty: boolean },
  started: Promise<EmbeddedStore> | null,
): Promise<void> => {
  const config = readConfig();
  const { promise: asked, resolve: ask } = Promise.withResolvers<undefined>();
  let server: Listening | null = null;
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // A second one waits for nobody: what is under way is cut off, whole or not at all, and the store still closes in order.
      const again = stopping.signal.aborted;
      if (again && server === null) process.exit(1);
      if (again) void server?.close(0);
      stopping.abort();
      ask(undefined);
    });
  }
  // Whatever was opened is closed again, in the opposite order, also when something after it fails.
  await using opened = new AsyncDisposableStack();
  const { house, store } = await openHouse(config, addressOf(config), started);
  opened.defer(store.close);
  const { log } = house;
  if (!empty && maySeed(config) && (await isEmpty(house))) {
    say('Writing two months of example work, which takes a few seconds; --empty starts without.\n');
    try {
      await seed(house, config.dataDir, stopping.signal);
    } catch (error) {
      if (stopping.signal.aborted) return;
      throw error;
    }
  }
  let served = house;
  const { port, host } = config;
  server = await listen(port, host, (bound) => {
    served = { ...house, publicUrl: addressOf(config, bound) };
    return createApp(served, [mcpDoor, httpDoor, oauthDoor, webDoor]);
  }).catch((error: unknown) => {
    const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const why = inUse ? 'is in use' : `cannot be listened on (${(error as Error).message})`;
    throw new Error(`Port ${port} of ${host} ${why}; PORT and HOST choose another one.`, { cause: error });
  });
  const socket =
    config.databaseUrl === null
      ? await operatorSocket(config.dataDir, (request) => commandLine(served, request, { seed: plant }))
      : null;
  if (socket !== null) opened.defer(socket.close);
  const from = `stint@${new URL(served.publicUrl).hostname}`;
  opened.defer(startJobs({ house: served, send: await senderOf(config, from) }));
  void store.stopped.then((error) => {
    log.fatal({ err: error }, 'the embedded database stopped');
    process.exitCode = 1;
    ask(undefined);
  });
  const password = maySeed(config) ? await demoPassword(house, config.dataDir) : null;
  const lines = [`Stint is at ${served.publicUrl}`, `The MCP address is ${served.publicUrl}/mcp`];
  if (password !== null) lines.push(demoText(password));
  say(`${lines.join('\n')}\n`);
  // What was compiled is there for the next start, however this process ends.
  flushCompileCache();
  await asked;
  await server.close();
};

/** Runs `stint …` to its end. `started` is the embedded store for `serve`, where it was started ahead. */
export const program = async (
  argv: readonly string[],
  started: Promise<EmbeddedStore> | null,
): Promise<void> => {
  const { stdout, stderr, exitCode } = await runCommandLine(argv, {
    operations,
    serve: (options) => serve(options, started),
    seed: plant,
    config: readConfig,
    open: (config) => openHouse(config, addressOf(config)),
  });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = exitCode === 0 ? process.exitCode : exitCode;
};
