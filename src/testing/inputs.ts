import fc from 'fast-check';
import type { Operation } from '#operation/operation.ts';
import type { IdPrefix } from '#values/id.ts';
import { idPrefix, inputSchema, type Schema } from './input-schema.ts';

/** Ids that may be used, by kind. */
export type Ids = ReadonlyMap<IdPrefix, readonly string[]>;

const among = (...values: string[]) => fc.constantFrom(...values);
const moments = among(
  '2026-10-05T09:00',
  '2026-10-05T10:30:00+02:00',
  '2026-10-04T22:15:00Z',
  '2026-10-25T02:30',
  'now',
);

// What a schema leaves to a refinement, by the name of the field.
const byName: readonly (readonly [RegExp, fc.Arbitrary<string>])[] = [
  [/(_at|^at)$/, moments],
  [/^updated_since$/, among('2026-01-01T00:00:00Z', '2026-10-05T12:00:00+02:00')],
  [
    /^(date|from|on|period|(issue|due)_date|(paid|starts|adjusted)_on)$/,
    among('2026-10-01', '2026-10-05', '2024-02-29'),
  ],
  [/^(to|ends_on)$/, among('2026-10-05', '2026-12-31')],
  [/^timezone$/, among('Europe/Berlin', 'America/St_Johns', 'UTC')],
  [/^currency$/, among('EUR', 'JPY', 'KWD')],
  [/^(rate|set_rate|amount|fixed_fee|unit_price|total)$/, among('85.00', '0', '120.5', '100')],
  [/^quantity$/, among('1', '0.5', '2.25')],
  [/^percent$/, among('19', '8.875')],
  [/^iban$/, among('DE89370400440532013000')],
  [/^apply$/, among('new_only', 'unbilled_from:2026-01-01')],
  [/^duration$/, among('1:30', '45m', '1.5', '0:00')],
  [/^email$/, among('somebody@example.com')],
  [/^country$/, among('DE', 'jp')],
  [/^language$/, among('de', 'pt-BR')],
  [/^rate_apply$/, among('new_only', 'unbilled_from:2026-01-01')],
  [/^(path|tool)$/, among('overview', 'tools/tags.list', 'tags.list')],
  [/^idempotency_key$/, fc.stringMatching(/^[a-z0-9]{12}$/)],
];

const text = (schema: Schema, name: string): fc.Arbitrary<string> => {
  const known = byName.find(([names]) => names.test(name))?.[1];
  if (known !== undefined) return known;
  const { minLength = 0, maxLength = 100 } = schema;
  return fc
    .string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 20) })
    .map((value) => value.slice(0, maxLength).toWellFormed().trim() || 'a'.repeat(Math.max(1, minLength)));
};

const number = ({ minimum, exclusiveMinimum, maximum }: Schema): fc.Arbitrary<number> => {
  const min = minimum ?? (exclusiveMinimum === undefined ? -5 : exclusiveMinimum + 1);
  return fc.oneof(
    fc.integer({ min, max: Math.min(maximum ?? min + 100, min + 100) }),
    fc.constant(Math.min(maximum ?? 2 ** 31, 2 ** 53 - 1)),
  );
};

const object = (schema: Schema, ids: Ids): fc.Arbitrary<object> => {
  const entries = Object.entries(schema.properties ?? {});
  const needed = entries.filter(([name]) => schema.required?.includes(name) === true);
  const others = entries.filter(([name]) => schema.required?.includes(name) !== true);
  // Few at a time: arguments that exclude one another would leave hardly a call that is not refused.
  return fc
    .subarray(others, { maxLength: Math.min(others.length, 4) })
    .chain((chosen) =>
      fc.record(
        Object.fromEntries([...needed, ...chosen].map(([name, field]) => [name, inputFor(field, ids, name)])),
      ),
    );
};

/** Values that a schema takes, with ids of `ids`; as far as a schema says what it takes. */
export const inputFor = (schema: Schema, ids: Ids, name = ''): fc.Arbitrary<unknown> => {
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => inputFor(one, ids, name)));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  const prefix = idPrefix(schema);
  if (prefix !== null) {
    const known = ids.get(prefix) ?? [];
    return known.length === 0 ? fc.constant(`${prefix}_${'0'.repeat(26)}`) : fc.constantFrom(...known);
  }
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type) => inputFor({ ...schema, type }, ids, name)));
  switch (schema.type) {
    case 'object':
      return object(schema, ids);
    case 'array':
      return fc.array(inputFor(schema.items ?? {}, ids, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case 'string':
      return text(schema, name);
    case 'integer':
    case 'number':
      return number(schema);
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constant(null);
  }
};

/** Inputs of an operation that are well formed, or nearly. */
export const inputsOf = (operation: Operation, ids: Ids): fc.Arbitrary<Record<string, unknown>> =>
  inputFor(inputSchema(operation), ids) as fc.Arbitrary<Record<string, unknown>>;

/** The same `count` inputs every time. */
export const sampleInputs = (operation: Operation, ids: Ids, count: number): Record<string, unknown>[] =>
  fc.sample(inputsOf(operation, ids), { numRuns: count, seed: 20_261_005 });

/** The least that a schema takes. */
export const leastInput = (schema: Schema, ids: Ids, name = ''): unknown => {
  if (schema.type === 'object') {
    const entries = Object.entries(schema.properties ?? {}).filter(
      ([field]) => schema.required?.includes(field) === true,
    );
    return Object.fromEntries(entries.map(([field, inner]) => [field, leastInput(inner, ids, field)]));
  }
  return fc.sample(inputFor(schema, ids, name), { numRuns: 1, seed: 1 })[0];
};
