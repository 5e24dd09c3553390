import { type Config, readConfig } from '#config.ts';
import { type EmbeddedStore, openEmbeddedStore } from '#database/embedded/store.ts';
import { emptyCluster } from '#database/empty-cluster.ts';

const argv = process.argv.slice(2);

const configOrNull = (): Config | null => {
  try {
    return readConfig();
  } catch {
    // The command line says what is wrong with it.
    return null;
  }
};

/** The embedded store of a server: it starts in its own thread while this one reads the rest of the program, which takes as long. */
const startAhead = (): Promise<EmbeddedStore> | null => {
  if (argv[0] !== 'serve' || argv.slice(1).some((word) => word !== '--empty')) return null;
  const config = configOrNull();
  if (config?.databaseUrl !== null) return null;
  return openEmbeddedStore({ dataDir: config.dataDir, image: emptyCluster });
};

const started = startAhead();
// Whoever opens the house hears of it.
started?.catch(() => undefined);
const { program } = await import('./program.ts');
await program(argv, started);
// It was closed with the house, unless something failed before there was one.
await started?.then(
  (store) => store.close(),
  () => undefined,
);
