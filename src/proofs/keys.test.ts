import { beforeAll, expect, test } from 'vitest';
import { operations } from '#catalogue.ts';
import { verifyAuditLog } from '#identity/directory.ts';
import { openTestHouse, type TestHouse } from '#testing/house.ts';
import { inputSchema } from '#testing/input-schema.ts';
import { leastInput, sampleInputs } from '#testing/inputs.ts';
import { call, refusalOf } from '#testing/people.ts';
import { rehearsal } from '#testing/rehearsal.ts';
import { makeRichWorkspace, type RichWorkspace } from '#testing/rich-workspace.ts';
import { Refusal } from '#values/refusal.ts';

// The promise of the idempotency key, for every operation that takes one.
let house: TestHouse;
let own: RichWorkspace;

beforeAll(async () => {
  house = await openTestHouse();
  house.setNow('2026-10-05T12:00:00Z');
  own = await makeRichWorkspace(house);
});

const keyed = operations.filter((operation) =>
  Object.hasOwn(inputSchema(operation).properties ?? {}, 'idempotency_key'),
);
const proved: string[] = [];

test.each(keyed.map((operation) => ({ operation, name: operation.name })))(
  '27 $name: one key is one effect and one answer, at once too, and for nothing else',
  async ({ operation, name }) => {
    const schema = inputSchema(operation);
    const inputs = [leastInput(schema, own.ids), ...sampleInputs(operation, own.ids, 12)].map((input) => {
      const { dry_run: _, ...rest } = input as Record<string, unknown>;
      return { ...rest, idempotency_key: `key of ${name}` };
    });
    const practice = rehearsal(house);
    for (const input of inputs) {
      const works = await call(practice, own.mara, name, input).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Refusal) return false;
          throw error;
        },
      );
      if (!works) continue;
      const entries = async () => (await verifyAuditLog(house, own.slug)).entries;
      const before = await entries();
      const answers = await Promise.all([1, 2, 3].map(() => call(house, own.mara, name, input)));
      const [first, ...others] = answers.toSorted(
        (one, two) => Number(one.meta?.replayed === true) - Number(two.meta?.replayed === true),
      );
      expect(first!.meta?.replayed).toBeUndefined();
      for (const other of others)
        expect(other).toEqual({ ...first, meta: { ...first!.meta, replayed: true } });
      expect(await call(house, own.mara, name, input)).toEqual(others[0]);
      expect(await entries()).toBe(before + 1);
      const different = inputs.find((other) => JSON.stringify(other) !== JSON.stringify(input));
      if (different !== undefined) {
        const refused = await refusalOf(call(house, own.mara, name, different));
        expect(['idempotency_conflict', 'validation_failed']).toContain(refused.code);
        expect(await entries()).toBe(before + 1);
      }
      proved.push(name);
      return;
    }
  },
);

test('27 most operations were done', () => {
  expect(proved.length).toBeGreaterThan(keyed.length / 2);
});
