import fc from 'fast-check';

const deep = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown;
const json = (text: string): unknown => JSON.parse(text) as unknown;

/** Texts that somebody sends by mistake or on purpose. */
export const oddTexts: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'a\udc00b',
  '\u202etxet\u202c \u200f\ufeff',
  '👩‍👩‍👧‍👦'.repeat(50),
  'é'.normalize('NFD').repeat(120),
  '\u0001\u001b[31m\r\n\t',
  'x'.repeat(1_000_000),
  "'; drop table users; --",
  '%_\\%',
  '__proto__',
  'constructor',
  'null',
  'undefined',
  'NaN',
  '１２３',
  '1e5',
  '-1',
  '+1',
  '0.000000001',
  '99999999999999999999.99',
  '9999999999999.99',
  '1,50',
  '0x10',
  '0000-01-01',
  '0001-01-01',
  '1979-12-31',
  '1980-01-01',
  '2999-12-31',
  '3000-01-01',
  '9999-12-31',
  '2026-02-29',
  '2026-02-30T10:00',
  '-271821-04-19',
  '+275760-09-14T00:00:00Z',
  'infinity',
  '-infinity',
  'epoch',
  'now',
  '1980-01-01T00:00:00+23:59',
  '2999-12-31T23:59:59-23:59',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999Z',
  '2026-10-05T24:00',
  '2026-10-05T12:00:60Z',
  '2026-03-29T02:30',
  '2026-10-25T02:30',
  '2026-W40-1',
  'P1D',
  '9999:59',
  '8784:00',
  '8784:01',
  '1:60',
  'Etc/Unknown',
  'europe/berlin',
  '+02:00',
  'XXX',
  'eur',
  'tsk_',
  `tsk_${'0'.repeat(26)}`,
  `TSK_${'0'.repeat(26)}`,
  `tag_${'z'.repeat(26)}`,
  `tag_${'u'.repeat(26)}`,
  `mem_${'0'.repeat(26)} `,
  Buffer.from('["a\\u0000","b"]').toString('base64url'),
  Buffer.from('["newest","infinity","\\ud800"]').toString('base64url'),
  Buffer.from('["newest","0000-01-01T00:00:00Z","x"]').toString('base64url'),
  Buffer.from('["2026-13-45",null,"x"]').toString('base64url'),
  Buffer.from('["2026-10-05",null,"x"]').toString('base64url'),
  Buffer.from('["x"]').toString('base64url'),
  Buffer.from('["x","y"]').toString('base64url'),
  Buffer.from('[1e309,{},[]]').toString('base64url'),
];

/** Values of every kind that JSON can bring. */
export const oddValues: readonly unknown[] = [
  ...oddTexts,
  null,
  true,
  false,
  0,
  -0,
  -1,
  0.5,
  1e-9,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 63),
  json('1e309'),
  json('-1e309'),
  [],
  [null],
  [[]],
  {},
  json('{"__proto__":{"id":"x"}}'),
  json('{"constructor":{"prototype":{}}}'),
  json('{"id":null,"then":"x","toString":1,"valueOf":1}'),
  deep(5_000),
  Array.from({ length: 2_000 }, () => 'x'),
  Array.from({ length: 101 }, () => `tsk_${'0'.repeat(26)}`),
];

const names = [
  '__proto__',
  'constructor',
  'toString',
  'id ',
  '',
  '\0',
  'workspace_id',
  'user_id',
  '\ud800',
  'x'.repeat(500),
];

type Step = string | number;
/** Every place inside a value, outermost first; a few elements of a long list are enough. */
const places = (value: unknown, path: Step[] = []): Step[][] => {
  if (typeof value !== 'object' || value === null || path.length > 6) return [path];
  const members: [Step, unknown][] = Array.isArray(value)
    ? value.slice(0, 3).map((element: unknown, index) => [index, element])
    : Object.entries(value);
  return [path, ...members.flatMap(([step, member]) => places(member, [...path, step]))];
};

const replaceAt = (value: unknown, [step, ...rest]: Step[], change: (value: unknown) => unknown): unknown => {
  if (step === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((element: unknown, index) =>
      index === step ? replaceAt(element, rest, change) : element,
    );
  const held = value as Record<string, unknown>;
  return { ...held, [step]: replaceAt(held[step], rest, change) };
};

/** `input` with one thing wrong, or odd: a value replaced, a member added or taken away, a list much longer. */
export const mutated = (input: unknown): fc.Arbitrary<unknown> => {
  const somewhere = fc.constantFrom(...places(input));
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(somewhere, fc.constantFrom(...oddValues))
        .map(([path, value]) => replaceAt(input, path, () => value)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(somewhere, fc.constantFrom(...names), fc.constantFrom(...oddValues))
        .map(([path, name, odd]) =>
          replaceAt(input, path, (value) =>
            typeof value === 'object' && value !== null && !Array.isArray(value)
              ? // As JSON.parse does it: "__proto__" becomes a member of its own.
                Object.defineProperty({ ...value }, name, {
                  value: odd,
                  enumerable: true,
                  configurable: true,
                  writable: true,
                })
              : odd,
          ),
        ),
    },
    {
      weight: 1,
      arbitrary: somewhere.map((path) =>
        replaceAt(input, path, (value) =>
          Array.isArray(value) ? Array.from({ length: 500 }, () => (value as unknown[])[0] ?? null) : [value],
        ),
      ),
    },
  );
};
