import { writeFileSync } from 'node:fs';
import { openDatabase } from '#database/database.ts';
import { openEmbeddedStore } from '#database/embedded/store.ts';
import { migrate } from '#database/migrate.ts';

interface Column {
  table: string;
  column: string;
  type: string;
  domain: string | null;
  nullable: boolean;
  filled: boolean;
}

const scalar: Record<string, string> = {
  text: 'string',
  bpchar: 'string',
  varchar: 'string',
  int2: 'number',
  int4: 'number',
  int8: 'bigint',
  bool: 'boolean',
  timestamptz: 'Temporal.Instant',
  date: 'Temporal.PlainDate',
  jsonb: 'unknown',
  bytea: 'Buffer',
  _text: 'string[]',
  _int4: 'number[]',
};

/** Runs one query on a migrated database. */
type Query = (text: string) => Promise<{ rows: unknown[] }>;
const read = async <Row>(query: Query, text: string): Promise<Row[]> => (await query(text)).rows as Row[];

const rowsOf = async (query: Query): Promise<string> => {
  const domains = await read<{ domain: string; check: string | null }>(
    query,
    `
  select t.typname as domain, pg_get_constraintdef(c.oid) as check
  from pg_type t left join pg_constraint c on c.contypid = t.oid
  where t.typtype = 'd' and t.typnamespace = 'public'::regnamespace`,
  );
  const prefixes = new Map(
    domains.flatMap(({ domain, check }) => {
      const prefix = /\^([a-z]{3})_/.exec(check ?? '')?.[1];
      return prefix === undefined ? [] : [[domain, prefix] as const];
    }),
  );

  const checks = await read<{ table: string; check: string }>(
    query,
    `
  select conrelid::regclass::text as table, pg_get_constraintdef(oid) as check from pg_constraint where contype = 'c' and conrelid <> 0`,
  );
  const unions = new Map<string, string>();
  for (const { table, check } of checks) {
    const found = /^CHECK \(\(\(?(\w+)\)?(?:::text)? = ANY \(ARRAY\[(.+?)\]\)\)\)$/.exec(check);
    if (found?.[1] === undefined || found[2] === undefined) continue;
    const values = found[2]
      .split(', ')
      .map((value) => value.replace(/::\w+$/, '').replace(/^\((.*)\)$/, '$1'));
    unions.set(`${table}.${found[1]}`, values.join(' | '));
  }

  const columns = await read<Column>(
    query,
    `
  select c.table_name as table, c.column_name as column, c.udt_name as type, c.domain_name as domain,
    c.is_nullable = 'YES' as nullable, (c.column_default is not null or c.is_identity = 'YES' or c.is_generated = 'ALWAYS') as filled
  from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
  where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name <> 'migrations'
  order by c.table_name, c.ordinal_position`,
  );

  const typeOf = (column: Column): string => {
    const prefix = prefixes.get(column.domain ?? '');
    const base =
      prefix === undefined
        ? (unions.get(`${column.table}.${column.column}`) ?? scalar[column.type])
        : `Id<'${prefix}'>`;
    if (base === undefined)
      throw new Error(`no TypeScript type for ${column.type} of ${column.table}.${column.column}`);
    return column.nullable && base !== 'unknown' ? `${base} | null` : base;
  };

  const tables = Map.groupBy(columns, ({ table }) => table);
  const pascal = (name: string) =>
    name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
  return [
    '// Made by scripts/generate.ts from the migrations; do not edit.',
    "import type { Generated } from 'kysely';",
    "import type { Id } from '#values/id.ts';",
    ...[...tables].map(
      ([table, list]) =>
        `\nexport interface ${pascal(table)}Row {\n${list
          .map(
            (column) =>
              `  ${column.column}: ${column.filled ? `Generated<${typeOf(column)}>` : typeOf(column)};`,
          )
          .join('\n')}\n}`,
    ),
    `\nexport interface Rows {\n${[...tables.keys()].map((table) => `  ${table}: ${pascal(table)}Row;`).join('\n')}\n}\n`,
  ].join('\n');
};

/** What src/database/rows.ts has to be, by the migrations as they are: applied to a database in memory and read back. */
export const rowsText = async (): Promise<string> => {
  const store = await openEmbeddedStore({ dataDir: 'memory' });
  const database = openDatabase(store.poolConfig, () => undefined);
  try {
    await migrate(database, Temporal.Now.instant());
    return await rowsOf(database.run);
  } finally {
    await database.close();
    await store.close();
  }
};

/** Where it stands. */
export const rowsFile = new URL('../src/database/rows.ts', import.meta.url);

if (import.meta.main) writeFileSync(rowsFile, await rowsText());
