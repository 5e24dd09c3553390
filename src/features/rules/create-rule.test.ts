import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { closePeriod, type Entry, log, type Logged, look, makeProject } from '#testing/time.ts';
import { makeRule, type RuleAnswer, textHas } from '#testing/rules.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T12:00:00Z');

test('a rule works on the next entry, says so, and the audit entry of that write holds its effect', async () => {
  const { id: workspace, noor, teo } = await makeWorkspace(house);
  const { rule } = await makeRule(house, noor, {
    name: 'Stand-ups',
    when: textHas('STANDUP'),
    then: [{ add_tag: 'meeting' }, { set_billable: false }],
  });
  expect(rule).toMatchObject({ enabled: true, position: 1, stats: { fired: 0 } });
  expect(rule.summary).toBe('When the text contains "STANDUP": add the tag "meeting", make it not billable.');
  const { entry, meta } = await call<Logged>(house, teo, 'time_entries.create', {
    date: '2026-10-05',
    duration: '0:15',
    description: 'Daily standup',
  });
  expect(entry.billable).toBe(false);
  expect(entry.tags?.map(({ name }) => name)).toEqual(['meeting']);
  expect(meta?.warnings).toEqual(['Rules changed this entry: "Stand-ups" (billable, tags).']);
  const audit = await house.database.identity
    .selectFrom('audit_logs')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('action', '=', 'time_entries.create')
    .execute();
  expect(audit).toHaveLength(1);
  expect(audit[0]?.after).toMatchObject({ billable: false, tags: [{ name: 'meeting' }] });
});

test('several things in one action are as good as several actions', async () => {
  const { noor } = await makeWorkspace(house);
  const { rule } = await makeRule(house, noor, { then: [{ add_tag: 'a', set_billable: false }] });
  expect(rule.then).toHaveLength(2);
});

test('a dry run over the past says what the real run then does, and leaves out what is locked', async () => {
  const { id: workspace, noor, teo } = await makeWorkspace(house);
  const project = await makeProject(house, noor, { name: 'Acme' });
  const old = await log(house, teo, { date: '2026-08-20', duration: '1:00', description: 'acme call' });
  const kept = await log(house, teo, { date: '2026-09-20', duration: '1:00', description: 'acme call' });
  const other = await log(house, noor, { date: '2026-09-21', duration: '1:00', description: 'lunch' });
  await closePeriod(house, workspace, '2026-08-31');
  const backfill = { from: '2026-08-01', to: '2026-09-30' };
  const given = { when: textHas('acme'), then: [{ set_project: project }, { append_note: 'by rule' }] };
  const dry = await makeRule(house, noor, { ...given, enabled: false, backfill });
  expect(dry.backfill).toMatchObject({
    dry_run: true,
    looked_at: 3,
    matched: 2,
    changed: 1,
    unchanged: 0,
    skipped: [{ reason: 'locked', count: 1, entry_ids: [old.id] }],
  });
  expect((await look(house, teo, kept.id)).entry.project).toBeNull();
  const real = await call<RuleAnswer>(house, noor, 'rules.update', {
    id: dry.rule.id,
    enabled: true,
    backfill: { ...backfill, dry_run: false },
  });
  expect({ ...real.backfill, dry_run: true }).toEqual(dry.backfill);
  expect((await look(house, teo, kept.id)).entry).toMatchObject({
    project: { id: project },
    description: 'acme call\nby rule',
  });
  expect((await look(house, teo, old.id)).entry.project).toBeNull();
  expect((await look(house, noor, other.id)).entry.project).toBeNull();
  expect(real.rule.stats.fired).toBe(1);
  const again = await call<RuleAnswer>(house, noor, 'rules.update', {
    id: dry.rule.id,
    backfill: { ...backfill, dry_run: false },
  });
  expect(again.backfill).toMatchObject({ changed: 0, unchanged: 1 });
});

test('a rule that is off changes nothing, now or in the past', async () => {
  const { noor } = await makeWorkspace(house);
  const off = { when: textHas('x'), then: [{ set_billable: false }], enabled: false };
  await makeRule(house, noor, off);
  expect((await log(house, noor, { duration: '1:00', description: 'x' })).billable).toBe(true);
  const backfill = { from: '2026-01-01', to: '2026-12-31', dry_run: false };
  const refusal = await refusalOf(makeRule(house, noor, { ...off, backfill }));
  expect(refusal).toMatchObject({ code: 'validation_failed', field: 'backfill.dry_run' });
});

test('members make rules for their own time only, and none that set rates', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const given = { then: [{ set_billable: false }] };
  const { rule } = await makeRule(house, teo, given);
  expect(rule.scope).toEqual({ member_ids: [teo.membershipId] });
  expect((await log(house, teo, { duration: '1:00' })).billable).toBe(false);
  expect((await log(house, noor, { duration: '1:00' })).billable).toBe(true);
  const others = { ...given, scope: { member_ids: [noor.membershipId] } };
  expect((await refusalOf(makeRule(house, teo, others))).code).toBe('access_denied');
  expect((await refusalOf(makeRule(house, teo, { then: [{ set_rate: '1.00' }] }))).code).toBe(
    'access_denied',
  );
});

test('a rule of somebody’s own gives way when they no longer see its project', async () => {
  const { id: workspace, noor, teo } = await makeWorkspace(house);
  const project = await makeProject(house, noor, {
    private: true,
    members: [{ member_id: teo.membershipId }],
  });
  await makeRule(house, teo, { then: [{ set_project: project }] });
  expect((await log(house, teo, { duration: '1:00' })).project?.id).toBe(project);
  await house.database.run('delete from project_members where workspace_id = $1', [workspace]);
  expect((await log(house, teo, { duration: '1:00' })).project).toBeNull();
});

test('refuses actions that undo each other', async () => {
  const { noor } = await makeWorkspace(house);
  const [one, two] = [await makeProject(house, noor), await makeProject(house, noor)];
  for (const then of [
    [{ set_project: one }, { set_project: two }],
    [{ add_tag: 'a' }, { remove_tag: 'a' }],
    [{ set_billable: true }, { set_billable: false }],
    [{ set_rate: '1.00' }, { set_rate: '2.00' }],
  ]) {
    await call(house, noor, 'tags.create', { name: 'a' }).catch(() => undefined);
    expect((await refusalOf(makeRule(house, noor, { then }))).code, JSON.stringify(then)).toBe('rule_loop');
  }
});

test('says what is wrong with a condition', async () => {
  const { noor } = await makeWorkspace(house);
  for (const [condition, field] of [
    [{ field: 'text', op: 'at_least', value: 'x' }, 'op'],
    [{ field: 'text', op: 'contains' }, 'value'],
    [{ field: 'text', op: 'contains', value: 4 }, 'value'],
    [{ field: 'weekday', op: 'is', value: 'someday' }, 'value'],
    [{ field: 'hour', op: 'is', value: 24 }, 'value'],
    [{ field: 'duration_seconds', op: 'at_least', value: -1 }, 'value'],
    [{ field: 'source', op: 'is', value: 'fax' }, 'value'],
    [{ field: 'tag', op: 'is', value: 'no such tag' }, 'value'],
    [{ field: 'project', op: 'is_empty', value: 'x' }, 'value'],
  ] as const) {
    const refusal = await refusalOf(makeRule(house, noor, { when: { all: [condition] } }));
    expect(refusal, JSON.stringify(condition)).toMatchObject({
      code: 'validation_failed',
      field: `when.all[0].${field}`,
    });
  }
  expect((await refusalOf(makeRule(house, noor, { then: [{}] }))).field).toBe('then');
});

test('a record of another workspace is not found, wherever a rule names it', async () => {
  const here = await makeWorkspace(house);
  const there = await makeWorkspace(house);
  const project = await makeProject(house, there.noor);
  const { tag } = await call<{ tag: { id: string } }>(house, there.noor, 'tags.create', { name: 'T' });
  for (const given of [
    { then: [{ set_project: project }] },
    { then: [{ add_tag: tag.id }] },
    { then: [{ remove_tag: tag.id }] },
    { when: { all: [{ field: 'project', op: 'is', value: project }] } },
    { when: { all: [{ field: 'tag', op: 'is', value: [tag.id] }] } },
    { scope: { member_ids: [there.teo.membershipId] } },
  ]) {
    expect((await refusalOf(makeRule(house, here.noor, given))).code, JSON.stringify(given)).toBe(
      'not_found',
    );
  }
});

test('a workspace has fifty rules, and no more', async () => {
  const { noor } = await makeWorkspace(house);
  for (let made = 0; made < 50; made += 1) await makeRule(house, noor);
  expect((await refusalOf(makeRule(house, noor))).code).toBe('plan_limit');
});

test('rules of a rate are in one currency, and leave work in another alone', async () => {
  const { noor } = await makeWorkspace(house);
  const yen = await makeProject(house, noor, { currency: 'JPY' });
  await makeRule(house, noor, { name: 'Weekend', then: [{ set_rate: '120.00' }] });
  const entry: Entry = await log(house, noor, { duration: '1:00' });
  expect(entry).toMatchObject({ rate: '120.00', currency: 'EUR', rate_source: 'rule', amount: '120.00' });
  const { entry: other, meta } = await call<Logged>(house, noor, 'time_entries.create', {
    duration: '1:00',
    project_id: yen,
  });
  expect(other.rate).toBeNull();
  expect(meta?.warnings).toEqual([
    'The rule "Weekend" was not followed in full: the work is in another currency.',
  ]);
});
