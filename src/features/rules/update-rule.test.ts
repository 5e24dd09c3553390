import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { log, makeProject } from '#testing/time.ts';
import { makeRule, type RuleAnswer, type RuleShown } from '#testing/rules.ts';
import { scopeNames } from '#operation/scopes.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T12:00:00Z');

test('moves a rule in the order, and the order decides', async () => {
  const { noor } = await makeWorkspace(house);
  const projects = [
    await makeProject(house, noor, { name: 'A' }),
    await makeProject(house, noor, { name: 'B' }),
  ];
  const made: RuleShown[] = [];
  for (const project of projects)
    made.push((await makeRule(house, noor, { then: [{ set_project: project }] })).rule);
  expect((await log(house, noor, { duration: '1:00' })).project?.name).toBe('B');
  const { rule } = await call<RuleAnswer>(house, noor, 'rules.update', { id: made[1]!.id, position: 1 });
  expect(rule.position).toBe(1);
  expect((await log(house, noor, { duration: '1:00' })).project?.name).toBe('A');
  const same = await call<RuleAnswer>(house, noor, 'rules.update', { id: made[0]!.id, position: 50 });
  expect(same.rule.position).toBe(2);
});

test('replaces conditions, actions and scope whole, and counts the version', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { rule } = await makeRule(house, noor, { scope: { member_ids: [teo.membershipId] } });
  const changed = await call<RuleAnswer>(house, noor, 'rules.update', {
    id: rule.id,
    when: { all: [{ field: 'weekday', op: 'is', value: ['saturday', 'sunday'] }] },
    then: [{ add_tag: 'weekend' }],
    scope: null,
    expected_version: rule.version,
  });
  expect(changed.rule).toMatchObject({
    summary: 'When the day is saturday or sunday: add the tag "weekend".',
    scope: {},
    version: rule.version + 1,
  });
  const again = await call<RuleAnswer>(house, noor, 'rules.update', {
    id: rule.id,
    then: [{ add_tag: 'weekend' }],
    position: 1,
  });
  expect(again.rule.version).toBe(changed.rule.version);
  const stale = call(house, noor, 'rules.update', { id: rule.id, name: 'x', expected_version: rule.version });
  expect((await refusalOf(stale)).code).toBe('conflict_version');
});

test('members change their own rules only, and cannot stretch them over others', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const mine = (await makeRule(house, teo)).rule;
  const workspaces = (await makeRule(house, noor)).rule;
  const forTeo = (await makeRule(house, noor, { scope: { member_ids: [teo.membershipId] } })).rule;
  for (const { id } of [workspaces, forTeo]) {
    for (const [name, input] of [
      ['rules.update', { name: 'x' }],
      ['rules.toggle_enabled', { enabled: false }],
      ['rules.delete', {}],
    ] as const) {
      expect((await refusalOf(call(house, teo, name, { id, ...input }))).code, name).toBe('access_denied');
    }
  }
  const scope = { member_ids: [noor.membershipId] };
  expect((await refusalOf(call(house, teo, 'rules.update', { id: mine.id, scope }))).code).toBe(
    'access_denied',
  );
  const { rule } = await call<RuleAnswer>(house, teo, 'rules.update', { id: mine.id, scope: null });
  expect(rule.scope).toEqual({ member_ids: [teo.membershipId] });
});

test('running over the past needs leave to write time, looking leave to read it', async () => {
  const { noor } = await makeWorkspace(house);
  const { rule } = await makeRule(house, noor);
  const backfill = { from: '2026-10-01', to: '2026-10-05' };
  const without = (...gone: string[]) => ({ scopes: scopeNames.filter((scope) => !gone.includes(scope)) });
  const run = (dry_run: boolean, ...gone: string[]) =>
    call<RuleAnswer>(
      house,
      noor,
      'rules.update',
      { id: rule.id, backfill: { ...backfill, dry_run } },
      without(...gone),
    );
  expect((await refusalOf(run(false, 'time:write'))).code).toBe('insufficient_scope');
  expect((await refusalOf(run(true, 'time:read', 'time:write'))).code).toBe('insufficient_scope');
  expect((await run(true, 'time:write')).backfill).toMatchObject({ dry_run: true, looked_at: 0 });
  const backwards = { from: '2026-10-05', to: '2026-10-01' };
  const refusal = await refusalOf(call(house, noor, 'rules.update', { id: rule.id, backfill: backwards }));
  expect(refusal.field).toBe('backfill.to');
});

test('a run over the past leaves what a person set by hand, and says so', async () => {
  const { noor } = await makeWorkspace(house);
  const [one, two] = [await makeProject(house, noor), await makeProject(house, noor)];
  const { id } = await log(house, noor, { duration: '1:00', project_id: two });
  await log(house, noor, { duration: '1:00' });
  const backfill = { from: '2026-10-05', to: '2026-10-05', dry_run: false };
  const gentle = await makeRule(house, noor, { then: [{ set_project: one }], backfill });
  expect(gentle.backfill).toMatchObject({
    matched: 2,
    changed: 1,
    skipped: [{ reason: 'set_by_hand', count: 1, entry_ids: [id] }],
  });
  const strict = await call<RuleAnswer>(house, noor, 'rules.update', {
    id: gentle.rule.id,
    always_enforce: true,
    backfill,
  });
  expect(strict.backfill).toMatchObject({ changed: 1, entries: [{ entry_id: id }] });
});

test('many rules moved by many people at once all keep a place of their own', async () => {
  const { mara, ada, noor } = await makeWorkspace(house);
  const made: string[] = [];
  for (let count = 0; count < 4; count += 1) made.push((await makeRule(house, noor)).rule.id);
  await Promise.all(
    made.map((id, index) =>
      call(house, [mara, ada, noor, mara][index]!, 'rules.update', { id, position: 1 + (index % 2) }),
    ),
  );
  const { data } = await call<{ data: RuleShown[] }>(house, noor, 'rules.list');
  expect(data.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
  expect(new Set(data.map(({ id }) => id))).toEqual(new Set(made));
});
