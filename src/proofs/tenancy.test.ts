import { beforeAll, expect, test } from 'vitest';
import { operations } from '#catalogue.ts';
import type { Actor } from '#operation/actor.ts';
import type { Operation } from '#operation/operation.ts';
import { run } from '#operation/run.ts';
import { openTestHouse, type TestHouse } from '#testing/house.ts';
import { inputSchema, put, type TextPlace, textPlaces } from '#testing/input-schema.ts';
import { type Ids, leastInput, sampleInputs } from '#testing/inputs.ts';
import { actorOf, call, type Person } from '#testing/people.ts';
import { rehearsal } from '#testing/rehearsal.ts';
import { everyRow, makeRichWorkspace, type RichWorkspace, rowsIn } from '#testing/rich-workspace.ts';
import { type IdPrefix, newId } from '#values/id.ts';
import { Refusal } from '#values/refusal.ts';

// Nothing here names an operation: what is added to the catalogue is held to this by being there.
const now = '2026-10-05T12:00:00Z';
let house: TestHouse;
let own: RichWorkspace;
let other: RichWorkspace;
let before: string;
let inspected = 0;
let known: ReadonlySet<string>;
const actors = new Map<Person, Actor>();
const facts = { id: 'test-request', source: 'web', ipPrefix: null } as const;

beforeAll(async () => {
  const open = await openTestHouse();
  open.setNow(now);
  own = await makeRichWorkspace(open);
  other = await makeRichWorkspace(open);
  before = await everyRow(open, other.id);
  house = rehearsal(open, async (tx) => {
    inspected += 1;
    if ((await rowsIn(tx, other.id)) !== before) throw new Error('a row of another workspace has changed');
  });
  for (const person of own.people) actors.set(person, await actorOf(open, person));
  known = new Set([...own.ids.values()].flat());
});

const strangerOf = (prefix: IdPrefix): string => newId(prefix, Temporal.Instant.from(now));

/** What somebody is told, with the id they gave written as ID: to quote it is not to know it. */
const answerTo = async (person: Person, operation: Operation, input: unknown, given: string) => {
  const told = await run(house, actors.get(person)!, operation, input, facts).catch((error: unknown) => {
    if (error instanceof Refusal) return error;
    throw error;
  });
  const text = JSON.stringify(told);
  expect(text, house.logged.at(-1)?.slice(0, 1_000)).not.toContain('internal_error');
  return anonymous(text, given);
};

/** `given` may be quoted short or in capitals. What is made has a new id every time, of which only the kind can be compared. */
const anonymous = (text: string, given: string): string => {
  let shown = text.replaceAll(given, 'ID');
  for (let length = given.length - 1; length >= 18; length -= 1) {
    const part = given.slice(0, length);
    shown = shown.replaceAll(part, 'ID').replaceAll(part.toUpperCase(), 'ID');
  }
  return shown
    .replace(/\b[a-z]{3}_[0-9a-z]{26}\b/g, (id) => (known.has(id) ? id : `new ${id.slice(0, 3)}`))
    .replace(/"position":"\w+"/g, '"position":"somewhere"');
};

const fill = (ids: Ids) => (schema: Parameters<typeof leastInput>[0], name: string) =>
  leastInput(schema, ids, name);

/** Inputs with something at this place: for each choice of ids the least there is, then others. */
const inputsWith = (operation: Operation, { path }: TextPlace, choices: readonly Ids[], count: number) => {
  const schema = inputSchema(operation);
  const inputs = (baseOf: (ids: Ids) => unknown[]) =>
    choices.flatMap((ids) =>
      baseOf(ids).map((base) => (value: string) => put(schema, base, path, value, fill(ids))),
    );
  return [
    ...inputs((ids) => [leastInput(schema, ids)]),
    ...inputs((ids) => sampleInputs(operation, ids, count)),
  ];
};

const idPlaces = operations.flatMap((operation) =>
  textPlaces(inputSchema(operation)).flatMap((place) =>
    place.prefix === null
      ? []
      : [{ operation, place, prefix: place.prefix, title: `${operation.name} ${place.name}` }],
  ),
);

test('there is something to prove', () => {
  expect(idPlaces.length).toBeGreaterThan(60);
  const unmade = new Set(idPlaces.map(({ prefix }) => prefix).filter((prefix) => !other.ids.has(prefix)));
  expect([...unmade], 'kinds of id without a record in src/testing/rich-workspace.ts').toEqual([]);
});

test.each(idPlaces)(
  '$title: a foreign id is answered like one that never was',
  async ({ operation, place, prefix }) => {
    const foreign = other.ids.get(prefix)!;
    const stranger = strangerOf(prefix);
    let lookedUp = false;
    const namesInvoice = textPlaces(inputSchema(operation)).some((each) => each.prefix === 'inv');
    const choices = namesInvoice ? [own.ids, ...own.invoices] : [own.ids];
    for (const [index, inputWith] of inputsWith(operation, place, choices, 40).entries()) {
      if (lookedUp && index > 1) break;
      for (const person of lookedUp ? [own.mara] : [own.mara, own.teo, own.noor]) {
        const unknown = await answerTo(person, operation, inputWith(stranger), stranger);
        for (const id of foreign.slice(0, 1))
          expect(await answerTo(person, operation, inputWith(id), id)).toBe(unknown);
        // Only where an id of one's own would be answered otherwise is it looked up at all, and the rest says anything.
        for (const id of lookedUp ? [] : (own.ids.get(prefix) ?? []).slice(0, 10))
          lookedUp ||= (await answerTo(person, operation, inputWith(id), id)) !== unknown;
      }
    }
    expect(lookedUp, 'an id of one’s own makes a difference').toBe(true);
  },
);

const freeTexts = operations.flatMap((operation) =>
  textPlaces(inputSchema(operation)).flatMap((place) =>
    place.prefix === null ? [{ operation, place, title: `${operation.name} ${place.name}` }] : [],
  ),
);

test.each(freeTexts)('$title: nor does free text find what is elsewhere', async ({ operation, place }) => {
  const [inputWith] = inputsWith(operation, place, [own.ids], 0);
  for (const prefix of ['tag', 'tsk'] as const) {
    const foreign = other.ids.get(prefix)!;
    const stranger = strangerOf(prefix);
    const id = foreign[0]!;
    const unknown = await answerTo(own.mara, operation, inputWith!(stranger), stranger);
    expect(await answerTo(own.mara, operation, inputWith!(id), id)).toBe(unknown);
    // What takes no such text takes none of another kind either.
    if (unknown.startsWith('{"code":"validation_failed"')) return;
  }
  const marked = other.mark.replace(/./g, (letter) => (letter === 'a' ? 'b' : letter));
  const word = marked === other.mark ? `${marked.slice(0, -1)}z` : marked;
  expect(await answerTo(own.mara, operation, inputWith!(other.mark), other.mark)).toBe(
    await answerTo(own.mara, operation, inputWith!(word), word),
  );
});

test('no answer to anybody holds an id or a word of another workspace', async () => {
  const alien = new Set([...other.ids.values()].flat());
  const words = [other.mark, other.slug, other.id, other.mara.email];
  for (const operation of operations)
    for (const person of own.people)
      for (const input of sampleInputs(operation, own.ids, operation.effect === 'read' ? 3 : 1)) {
        const told = await answerTo(person, operation, input, '\0');
        const found = [...(told.match(/\b[a-z]{3}_[0-9a-z]{26}\b/g) ?? [])].filter((id) => alien.has(id));
        expect(found, operation.name).toEqual([]);
        for (const word of words) expect(told, operation.name).not.toContain(word);
      }
});

test('a cursor carries no rights: one of another workspace walks through one’s own rows', async () => {
  let walked = 0;
  for (const operation of operations) {
    if (!Object.hasOwn(inputSchema(operation).properties ?? {}, 'cursor')) continue;
    // What is listed of one record is listed of one's own.
    const least = (of: RichWorkspace) => leastInput(inputSchema(operation), of.ids) as object;
    type Page = { meta: { next_cursor: string | null } };
    const { meta } = await call<Page>(house, other.mara, operation.name, { ...least(other), limit: 1 });
    if (meta.next_cursor === null) continue;
    walked += 1;
    const told = await answerTo(
      own.mara,
      operation,
      { ...least(own), cursor: meta.next_cursor },
      meta.next_cursor,
    );
    for (const id of [...other.ids.values()].flat()) expect(told).not.toContain(id);
    expect(told).not.toContain(other.mark);
  }
  expect(walked).toBeGreaterThan(5);
});

test('no call of all these has changed a row of the other workspace, and none has changed since', async () => {
  expect(inspected).toBeGreaterThan(100);
  const open = await openTestHouse();
  expect(await everyRow(open, other.id)).toBe(before);
});

test('the same idempotency key is another one to another person and in another workspace', async () => {
  const key = `key-${own.mark}`;
  const input = { name: `Key ${own.mark}`, idempotency_key: key };
  const open = await openTestHouse();
  open.setNow(now);
  const ids = new Set<string>();
  for (const [index, person] of [own.mara, own.noor, other.mara].entries()) {
    const made = await call<{ tag: { id: string }; meta?: object }>(open, person, 'tags.create', {
      ...input,
      name: `${input.name} ${index}`,
    });
    expect(made.meta).toBeUndefined();
    ids.add(made.tag.id);
  }
  expect(ids.size).toBe(3);
});
