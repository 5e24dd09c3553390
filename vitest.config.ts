import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { serverPrograms } from './src/testing/postgresql.ts';

const everywhere = ['src/**/*.test.ts', 'scripts/**/*.test.ts'];
/** What touches the store runs on both stores; browsers, clients and pure arithmetic once. */
const onBothStores = [
  'src/{attacks,features,identity,jobs,operation}/**/*.test.ts',
  'src/database/*.test.ts',
  'src/proofs/{tenancy,fuzz,access,audit}.test.ts',
  'src/doors/{http,oauth}/**/*.test.ts',
];
const browser = '**/*.chromium.test.ts';

const hasServer = serverPrograms() !== null || process.env['STINT_TEST_DATABASE_URL'] !== undefined;
const hasBrowser = existsSync('/usr/bin/chromium');
if (!hasServer)
  console.warn(
    'Left out: every suite on a real PostgreSQL (no PostgreSQL found; STINT_TEST_DATABASE_URL names one).',
  );
if (!hasBrowser) console.warn('Left out: every suite in a real browser (no /usr/bin/chromium).');

// Generous, because no test may depend on the speed of the machine: they end a test that hangs.
const timeouts = { testTimeout: 180_000, hookTimeout: 180_000 };
const common = {
  ...timeouts,
  pool: 'forks' as const,
  isolate: false,
  setupFiles: ['src/testing/same-dice.ts'],
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: 'embedded',
          include: everywhere,
          exclude: ['node_modules/**', ...(hasBrowser ? [] : [browser])],
        },
      },
      ...(hasServer
        ? [
            {
              test: {
                ...common,
                name: 'postgresql',
                include: onBothStores,
                exclude: ['node_modules/**', browser],
                globalSetup: ['src/testing/postgresql-setup.ts'],
              },
            },
          ]
        : []),
    ],
  },
});
