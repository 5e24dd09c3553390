import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { operations } from '#catalogue.ts';
import { makeToolbox } from '#doors/mcp/toolbox.ts';
import type { Actor } from '#operation/actor.ts';
import type { Operation } from '#operation/operation.ts';
import { run } from '#operation/run.ts';
import { openTestHouse, type TestHouse } from '#testing/house.ts';
import { inputSchema, put, textPlaces } from '#testing/input-schema.ts';
import { inputsOf, leastInput } from '#testing/inputs.ts';
import { mutated, oddTexts } from '#testing/mutations.ts';
import { actorOf } from '#testing/people.ts';
import { rehearsal } from '#testing/rehearsal.ts';
import { everyRow, makeRichWorkspace, type RichWorkspace } from '#testing/rich-workspace.ts';
import { refusals, Refusal } from '#values/refusal.ts';

/** More by hand: FUZZ_RUNS=2000 npm test -- src/proofs/fuzz. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 25);
const facts = { id: 'fuzz', source: 'web', ipPrefix: null } as const;

let open: TestHouse;
let house: TestHouse;
let own: RichWorkspace;
let actor: Actor;
let before: string;

beforeAll(async () => {
  open = await openTestHouse();
  open.setNow('2026-10-05T12:00:00Z');
  own = await makeRichWorkspace(open);
  actor = await actorOf(open, own.mara);
  before = await everyRow(open, own.id);
  house = rehearsal(open);
});

/** Words of the library and of the store, which nobody outside should read. */
const foreignWords =
  /\bzod\b|invalid input|unrecognized|too (small|big)|expected .* received|syntax error|violates|\brelation\b|\bcolumn\b|constraint|out of range for|encoding "UTF8"|undefined|\[object|Infinity|Maximum call stack|Temporal|RangeError|TypeError|\bjsonb?\b input/i;

/** What clients hold an answer against: the schema of the tool's list, read as the SDK's clients read it. */
const advertised = new Map(
  makeToolbox(operations).tools.map(({ operation, output }) => [
    operation.name,
    new AjvJsonSchemaValidator().getValidator(
      output.wire['~standard'].jsonSchema.output({ target: 'draft-2020-12' }),
    ),
  ]),
);
const answered = new Set<string>();

/** An answer, or a refusal in a sentence of ours; nothing else. */
const expectOurs = async (operation: Operation, input: unknown): Promise<void> => {
  const logged = open.logged.length;
  const outcome: unknown = await run(house, actor, operation, input, facts).catch((error: unknown) => error);
  expect(open.logged.slice(logged), JSON.stringify(input).slice(0, 500)).toEqual([]);
  if (!(outcome instanceof Refusal)) {
    // What is thrown and no refusal fails here; an answer is text that can be sent.
    expect(outcome).not.toBeInstanceOf(Error);
    expect(JSON.stringify(outcome).isWellFormed()).toBe(true);
    expect(advertised.get(operation.name)?.(outcome).errorMessage).toBeUndefined();
    answered.add(operation.name);
    return;
  }
  expect(refusals.has(outcome.code)).toBe(true);
  const said = outcome.toJSON();
  expect(said.message).toMatch(/^["\w]/);
  expect(said.message.length).toBeLessThan(2_500);
  expect(JSON.stringify(said).length).toBeLessThan(20_000);
  // What was given may be quoted, and is not our wording.
  expect(said.message.replace(/"[^"]*"/g, '""')).not.toMatch(foreignWords);
};

const sample = (operation: Operation, count: number) =>
  fc.sample(
    inputsOf(operation, own.ids).chain((input) => mutated(input)),
    { numRuns: count, seed: 4_242 },
  );

test.each(operations.map((operation) => ({ operation, name: operation.name })))(
  '$name: whatever is sent, an answer or a sentence',
  async ({ operation }) => {
    for (const input of sample(operation, numRuns)) await expectOurs(operation, input);
    // Every odd text at every place that takes texts would be many thousands; each is at some place here, by turns.
    const places = textPlaces(inputSchema(operation));
    const fill = (schema: Parameters<typeof leastInput>[0], name: string) =>
      leastInput(schema, own.ids, name);
    const least = leastInput(inputSchema(operation), own.ids);
    for (const [index, place] of places.entries())
      for (let turn = index; turn < oddTexts.length; turn += Math.max(8, places.length))
        await expectOurs(operation, put(inputSchema(operation), least, place.path, oddTexts[turn], fill));
  },
);

test.each(['[]', '"x"', '1e309', 'null', 'true', '0', '[[]]', '{"":{}}'])(
  '%s is not the arguments of anything',
  async (text) => {
    for (const operation of operations) await expectOurs(operation, JSON.parse(text));
  },
);

test('most of them answered, and every answer was as the tool list says', () => {
  expect(answered.size).toBeGreaterThan(operations.length / 2);
});

test('after all of it every row is what it was', async () => {
  expect(await everyRow(open, own.id)).toBe(before);
});

test('no prototype has been touched', () => {
  expect(({} as Record<string, unknown>)['id']).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
});
