import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { approve, closePeriod, log, makeProject } from '#testing/time.ts';
import { makeRule, type RuleAnswer } from '#testing/rules.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T12:00:00Z');

const text = fc.constantFrom('alpha', 'beta', 'gamma');
const condition = fc.oneof(
  fc.record({
    field: fc.constant('text'),
    op: fc.constantFrom('contains', 'equals', 'not_contains'),
    value: text,
  }),
  fc.record({
    field: fc.constant('weekday'),
    op: fc.constant('is_not'),
    value: fc.constantFrom('monday', 'friday'),
  }),
  fc.record({
    field: fc.constant('duration_seconds'),
    op: fc.constant('at_least'),
    value: fc.integer({ min: 0, max: 7200 }),
  }),
  fc.record({
    field: fc.constant('tag'),
    op: fc.constantFrom('is', 'is_not'),
    value: fc.constantFrom('a', 'b'),
  }),
  fc.record({ field: fc.constant('project'), op: fc.constant('is_empty'), value: fc.boolean() }),
);
const entry = fc.record({
  date: fc.constantFrom('2026-09-07', '2026-09-11', '2026-09-20'),
  duration_seconds: fc.integer({ min: 1, max: 7200 }),
  description: text,
  tags: fc.subarray(['a', 'b']),
});

test('40 a dry run says what the real run does; both leave locked time alone, and doing it again does nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(condition, { maxLength: 2 }),
      fc.subarray(['tag', 'untag', 'project', 'billable', 'rate', 'note'], { minLength: 1 }),
      fc.array(fc.tuple(entry, fc.boolean()), { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      async (all, chosen, entries, always_enforce) => {
        const { id: workspace, noor } = await makeWorkspace(house);
        const project = await makeProject(house, noor, { rate: '50.00' });
        for (const name of ['a', 'b']) await call(house, noor, 'tags.create', { name });
        const locked: string[] = [];
        for (const [given, lock] of entries) {
          const { id } = await log(house, noor, given);
          if (!lock && given.date !== '2026-09-07') continue;
          if (given.date !== '2026-09-07') await approve(house, id);
          locked.push(id);
        }
        await closePeriod(house, workspace, '2026-09-07');
        const actions: Record<string, object> = {
          tag: { add_tag: 'a' },
          untag: { remove_tag: 'b' },
          project: { set_project: project },
          billable: { set_billable: false },
          rate: { set_rate: '99.00' },
          note: { append_note: 'by rule' },
        };
        const stored = async () => {
          const { rows } = await house.database.run(
            `select e.id, to_jsonb(e)::text || coalesce((select string_agg(tag_id, ' ' order by tag_id) from time_entry_tags t where t.entry_id = e.id), '') as text
             from time_entries e where workspace_id = $1 order by id`,
            [workspace],
          );
          return new Map((rows as { id: string; text: string }[]).map((row) => [row.id, row.text]));
        };
        const before = await stored();
        const backfill = { from: '2026-09-01', to: '2026-09-30' };
        const given = { when: { all }, then: chosen.map((name) => actions[name]), always_enforce };
        const dry = await makeRule(house, noor, { ...given, enabled: false, backfill });
        expect(await stored()).toEqual(before);
        const run = async () =>
          (
            await call<RuleAnswer>(house, noor, 'rules.update', {
              id: dry.rule.id,
              enabled: true,
              backfill: { ...backfill, dry_run: false },
            })
          ).backfill!;
        const real = await run();
        expect({ ...real, dry_run: true }).toEqual(dry.backfill);
        const after = await stored();
        for (const id of locked) expect(after.get(id)).toBe(before.get(id));
        const moved = [...after].filter(([id, row]) => row !== before.get(id)).map(([id]) => id);
        expect(new Set(moved)).toEqual(new Set(real.entries.map(({ entry_id }) => entry_id)));
        expect((await run()).changed).toBe(0);
        expect(await stored()).toEqual(after);
      },
    ),
    { numRuns: 12 },
  );
});

test('40 an edit that changes nothing changes nothing, and a rule that is off never fires', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(condition, fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 4 }),
      entry,
      async (rules, given) => {
        const { id: workspace, noor } = await makeWorkspace(house);
        for (const name of ['a', 'b']) await call(house, noor, 'tags.create', { name });
        const off: string[] = [];
        for (const [index, [one, always_enforce, enabled]] of rules.entries()) {
          const then = [
            [{ add_tag: 'a' }],
            [{ remove_tag: 'a' }],
            [{ append_note: 'gamma' }],
            [{ add_tag: 'b' }],
          ][index % 4];
          const { rule } = await makeRule(house, noor, {
            when: { all: [one] },
            then,
            always_enforce,
            enabled,
          });
          if (!enabled) off.push(rule.id);
        }
        const { id } = await log(house, noor, given);
        const edit = () =>
          call<{ changed: string[] }>(house, noor, 'time_entries.update', { id, timezone: 'Europe/Berlin' });
        await edit();
        expect((await edit()).changed).toEqual([]);
        const { rows } = await house.database.run(
          'select rule_id from rule_firings where workspace_id = $1',
          [workspace],
        );
        expect((rows as { rule_id: string }[]).filter(({ rule_id }) => off.includes(rule_id))).toEqual([]);
      },
    ),
    { numRuns: 12 },
  );
});
