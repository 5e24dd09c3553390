// Writes src/database/rows.ts from the live schema: `node scripts/rows.ts postgres://…` (a migrated database).
import { writeFileSync } from 'node:fs';
import pg from 'pg';

const client = new pg.Client(process.argv[2] ?? process.env['DATABASE_URL']);
await client.connect();

const { rows: domains } = await client.query<{ domain: string; check: string | null }>(`
  select t.typname as domain, pg_get_constraintdef(c.oid) as check
  from pg_type t left join pg_constraint c on c.contypid = t.oid
  where t.typtype = 'd' and t.typnamespace = 'public'::regnamespace`);
const prefixes = new Map(
  domains.flatMap(({ domain, check }) => {
    const prefix = /\^([a-z]{3})_/.exec(check ?? '')?.[1];
    return prefix === undefined ? [] : [[domain, prefix] as const];
  }),
);

const { rows: checks } = await client.query<{ table: string; check: string }>(`
  select conrelid::regclass::text as table, pg_get_constraintdef(oid) as check from pg_constraint where contype = 'c' and conrelid <> 0`);
const unions = new Map<string, string>();
for (const { table, check } of checks) {
  const found = /^CHECK \(\(\(?(\w+)\)?(?:::text)? = ANY \(ARRAY\[(.+?)\]\)\)\)$/.exec(check);
  if (found?.[1] === undefined || found[2] === undefined) continue;
  const values = found[2].split(', ').map((value) => value.replace(/::\w+$/, '').replace(/^\((.*)\)$/, '$1'));
  unions.set(`${table}.${found[1]}`, values.join(' | '));
}

const { rows: columns } = await client.query<{
  table: string;
  column: string;
  type: string;
  domain: string | null;
  nullable: boolean;
  filled: boolean;
}>(`
  select c.table_name as table, c.column_name as column, c.udt_name as type, c.domain_name as domain,
    c.is_nullable = 'YES' as nullable, (c.column_default is not null or c.is_identity = 'YES') as filled
  from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
  where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name <> 'migrations'
  order by c.table_name, c.ordinal_position`);
await client.end();

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
const typeOf = (column: (typeof columns)[number]): string => {
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
const text = [
  '// Made by scripts/rows.ts from the migrations; do not edit.',
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
writeFileSync(new URL('../src/database/rows.ts', import.meta.url), text);
