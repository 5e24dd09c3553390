import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { operations } from '#catalogue.ts';
import type { Transaction } from '#database/database.ts';
import { openTestHouse, type TestHouse } from '#testing/house.ts';
import { inputSchema, textPlaces } from '#testing/input-schema.ts';
import { leastInput, sampleInputs } from '#testing/inputs.ts';
import { call } from '#testing/people.ts';
import { rehearsal } from '#testing/rehearsal.ts';
import { makeRichWorkspace, type RichWorkspace } from '#testing/rich-workspace.ts';
import { approve, closePeriod } from '#testing/time.ts';
import { Refusal } from '#values/refusal.ts';

// What nothing of the catalogue may touch, whatever it is called with: locked time, and who somebody is in the workspace.
let house: TestHouse;
let own: RichWorkspace;
let locked: string;
let roles: string;
let lockedIds: string[] = [];
let inspected = 0;

/** Time that is locked, whole: on an invoice, approved, or in a closed period. What an invoice does to it is to claim it and let it go. */
const lockedTime = async (tx: Transaction): Promise<string> => {
  const { rows } = await sql<{ text: string }>`
    select coalesce(string_agg((to_jsonb(e) - array['invoice_id', 'version', 'updated_at'])::text || s.text || t.text, e'\n' order by e.id), '') as text
    from time_entries e,
      lateral (select coalesce(string_agg(concat_ws(' ', started_at, ended_at), ', ' order by started_at, ended_at), '') as text
        from time_segments where entry_id = e.id) s,
      lateral (select coalesce(string_agg(tag_id, ', ' order by tag_id), '') as text from time_entry_tags where entry_id = e.id) t
    where e.workspace_id = ${own.id} and e.id = any(${lockedIds})`.execute(tx);
  return rows[0]!.text;
};
const everyRole = async (tx: Transaction): Promise<string> => {
  const { rows } = await sql<{ text: string }>`
    select string_agg(concat_ws(' ', id, user_id, role, status), e'\n' order by id) as text from memberships where workspace_id = ${own.id}`.execute(
    tx,
  );
  return rows[0]!.text;
};

beforeAll(async () => {
  const open = await openTestHouse();
  open.setNow('2026-10-05T12:00:00Z');
  own = await makeRichWorkspace(open);
  const { rows } = await open.database.run(
    `select id, invoice_id, local_date::text as day from time_entries where workspace_id = $1 and state = 'stopped' order by id`,
    [own.id],
  );
  const entries = rows as { id: string; invoice_id: string | null; day: string }[];
  // The first day is closed; of the others those that are on no invoice are approved.
  await closePeriod(open, own.id, '2026-10-01');
  for (const { id, invoice_id, day } of entries)
    if (invoice_id === null && day > '2026-10-01') await approve(open, id);
  lockedIds = entries.map(({ id }) => id);
  [locked, roles] = await open.database.aboveWorkspaces(open.clock(), (tx) =>
    Promise.all([lockedTime(tx), everyRole(tx)]),
  );
  house = rehearsal(open, async (tx) => {
    inspected += 1;
    expect(await lockedTime(tx)).toBe(locked);
    expect(await everyRole(tx)).toBe(roles);
  });
});

/** What a call was refused with because something is locked: by what, or the code. */
const lockOf = ({ code, details }: Refusal): string | null => {
  if (code === 'entry_locked') return (details as { locked_by: string }).locked_by;
  return code === 'period_locked' || code === 'tag_in_use' ? code : null;
};

test('9, 37 no call of any operation changes locked time or anybody’s role', async () => {
  expect(lockedIds.length).toBeGreaterThan(5);
  const ids = new Map([...own.ids, ['ten' as const, lockedIds]]);
  const refused = new Map<string, string[]>();
  for (const operation of operations) {
    if (operation.effect === 'read' && !operation.rehearses) continue;
    const schema = inputSchema(operation);
    const namesTime = textPlaces(schema).some(({ prefix }) => prefix === 'ten' || prefix === 'tag');
    for (const input of [leastInput(schema, ids), ...sampleInputs(operation, ids, namesTime ? 20 : 5)])
      try {
        await call(house, own.mara, operation.name, input as object);
      } catch (error) {
        if (!(error instanceof Refusal) || error.code === 'internal_error') throw error;
        const lock = lockOf(error);
        if (lock !== null) refused.set(lock, [...(refused.get(lock) ?? []), operation.name]);
      }
  }
  expect(inspected).toBeGreaterThan(100);
  // And it was tried: each kind of lock kept somebody out.
  for (const lock of ['invoice', 'approval', 'period_locked'])
    expect(refused.get(lock), lock).toEqual(
      expect.arrayContaining(['time_entries.update', 'time_entries.split']),
    );
  expect(refused.get('tag_in_use')).toContain('tags.delete');
});
