import { defineConfig } from 'vitest/config';
import { noChromium } from './src/testing/chromium.ts';
import { serverPrograms } from './src/testing/postgresql.ts';

const everywhere = ['src/**/*.test.ts', 'scripts/**/*.test.ts'];
/** What touches the store runs on both stores; browsers, clients and pure arithmetic once. */
const onBothStores = [
  'src/{attacks,features,identity,jobs,operation}/**/*.test.ts',
  'src/database/*.test.ts',
  'src/proofs/{tenancy,fuzz,access,audit,versions,locked,keys}.test.ts',
  'src/doors/{http,oauth}/**/*.test.ts',
];
const browser = '**/*.chromium.test.ts';

const hasServer = serverPrograms() !== null || process.env['STINT_TEST_DATABASE_URL'] !== undefined;
if (!hasServer)
  console.warn(
    'Left out: every suite on a real PostgreSQL (no PostgreSQL found; STINT_TEST_DATABASE_URL names one).',
  );
if (noChromium)
  console.warn('Left out: every test in a real browser (no Chromium found; STINT_TEST_CHROMIUM names one).');

// Generous, because no test may depend on the speed of the machine: they end a test that hangs.
const timeouts = { testTimeout: 240_000, hookTimeout: 240_000, expect: { poll: { timeout: 60_000 } } };
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
          exclude: ['node_modules/**', ...(noChromium ? [browser] : [])],
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
