import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { operations } from '#catalogue.ts';
import { verifyAuditLog } from '#identity/directory.ts';
import type { Actor } from '#operation/actor.ts';
import { run } from '#operation/run.ts';
import { openTestHouse, type TestHouse } from '#testing/house.ts';
import { inputsOf } from '#testing/inputs.ts';
import { actorOf } from '#testing/people.ts';
import { makeRichWorkspace, type RichWorkspace } from '#testing/rich-workspace.ts';
import { Refusal } from '#values/refusal.ts';

const facts = { id: 'history', source: 'web', ipPrefix: null } as const;
let house: TestHouse;
let own: RichWorkspace;
let actors: Actor[];

beforeAll(async () => {
  house = await openTestHouse();
  house.setNow('2026-10-05T12:00:00Z');
  own = await makeRichWorkspace(house);
  actors = await Promise.all([own.mara, own.noor, own.teo].map((person) => actorOf(house, person)));
});

const entries = async (): Promise<number> => (await verifyAuditLog(house, own.slug)).entries;

test('39 in any history each write that succeeds leaves one entry, and nothing else leaves any', async () => {
  const steps = fc.sample(
    fc
      .record({
        operation: fc.constantFrom(...operations),
        who: fc.nat(2),
      })
      .chain(({ operation, who }) =>
        inputsOf(operation, own.ids).map((input) => ({ operation, who, input })),
      ),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 150), seed: 39 },
  );
  let count = await entries();
  let writes = 0;
  for (const [index, { operation, who, input }] of steps.entries()) {
    house.setNow(Temporal.Instant.from('2026-10-05T12:00:00Z').add({ minutes: index }));
    const once = async () =>
      run(house, actors[who]!, operation, input, facts).catch((error: unknown) => {
        expect(error).toBeInstanceOf(Refusal);
        expect((error as Refusal).code).not.toBe('internal_error');
        return null;
      });
    // Each call twice: what has an idempotency key is done once.
    const written = [await once(), await once()].filter(
      (answer) =>
        answer !== null &&
        operation.effect !== 'read' &&
        answer.meta?.dry_run !== true &&
        answer.meta?.replayed !== true,
    ).length;
    const now = await entries();
    expect([operation.name, now - count]).toEqual([operation.name, written]);
    count = now;
    writes += written;
  }
  expect(writes).toBeGreaterThan(30);
  expect(await verifyAuditLog(house, own.slug)).toMatchObject({ intact: true, first_broken: null });
});

const changes = [
  `update audit_logs set action = 'tags.list' where`,
  `update audit_logs set after = '{}' where`,
  `update audit_logs set before = '{"a":1}' where`,
  `update audit_logs set actor_user_id = null where`,
  `update audit_logs set at = at + interval '1 second' where`,
  `update audit_logs set via_name = 'somebody else' where`,
  `update audit_logs set entity_id = null where`,
  `update audit_logs set hash = sha256('x') where`,
  `update audit_logs set prev_hash = sha256('x') where`,
  `delete from audit_logs where`,
];

test.each(changes)('39 whoever owns the database cannot do it unseen: %s', async (change) => {
  const last = await entries();
  for (const seq of [1, 7, last]) {
    const { rows } = await house.database.run(
      `select to_jsonb(l) as row from audit_logs l where workspace_id = $1 and seq = $2`,
      [own.id, seq],
    );
    const [{ row }] = rows as [{ row: Record<string, unknown> }];
    const where = `workspace_id = '${own.id}' and seq = ${seq}`;
    await house.database.run(`${change} ${where}`);
    try {
      const found = await verifyAuditLog(house, own.slug);
      const wanted = change.startsWith('delete') && seq < last ? seq + 1 : seq;
      expect([seq, found.intact, found.first_broken]).toEqual([seq, false, wanted]);
    } finally {
      await house.database.run(`delete from audit_logs where ${where}`);
      await house.database.run(
        `insert into audit_logs select * from jsonb_populate_record(null::audit_logs, $1::jsonb)`,
        [JSON.stringify(row)],
      );
    }
  }
  expect((await verifyAuditLog(house, own.slug)).intact).toBe(true);
});

test('39 a feature’s role can neither change nor remove an entry', async () => {
  for (const statement of [`update audit_logs set action = 'x'`, 'delete from audit_logs'])
    await expect(
      house.database.inWorkspace(own.id, house.clock(), (tx) => sql.raw(statement).execute(tx)),
    ).rejects.toThrow(/permission denied/);
});
