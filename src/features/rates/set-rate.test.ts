import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeInvoice } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { makeWork, type Rate, resolve, setRate } from '#testing/rates.ts';
import { approve, closePeriod, log, look } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T12:00:00Z');

test('every level gets its rate; the first one holds since ever, a later one from its day on', async () => {
  const { ada, teo } = await makeWorkspace(house);
  const { client, project, task } = await makeWork(house, ada);
  const member_id = teo.membershipId;
  const levels = [
    { level: 'workspace' },
    { level: 'member', member_id },
    { level: 'client', target_id: client },
    { level: 'project', target_id: project },
    { level: 'project_member', target_id: project, member_id },
    { level: 'task', target_id: task },
  ];
  for (const [at, given] of levels.entries()) {
    const { rate } = await setRate(house, ada, { ...given, rate: `${at + 1}0` });
    expect(rate).toMatchObject({
      level: given.level,
      rate: `${at + 1}0.00`,
      currency: 'EUR',
      valid_from: null,
    });
    expect(await resolve(house, ada, { member_id, task_id: task, at: '2020-01-01' })).toMatchObject({
      source: given.level,
      rate: `${at + 1}0.00`,
    });
  }
  await setRate(house, ada, { ...levels[5], rate: '99', valid_from: '2027-01-01' });
  const at = (day: string) => resolve(house, ada, { member_id, task_id: task, at: day });
  expect(await at('2026-12-31')).toMatchObject({ rate: '60.00' });
  expect(await at('2027-01-01')).toMatchObject({ rate: '99.00' });
});

test('a rate with its day before another ends where that one begins, which is said', async () => {
  const { ada } = await makeWorkspace(house);
  await setRate(house, ada, { level: 'workspace', rate: '80', valid_from: '2027-01-01' });
  const { rate, meta } = await setRate(house, ada, {
    level: 'workspace',
    rate: '70',
    valid_from: '2026-11-01',
  });
  expect(rate).toMatchObject({ valid_from: '2026-11-01', valid_until: '2026-12-31' });
  expect(meta?.warnings).toEqual(['Another rate is set from 2027-01-01 on; it stays.']);
  expect(await resolve(house, ada, { at: '2026-10-31' })).toMatchObject({ rate: null, source: 'none' });
});

test('the same day again takes the place of what was set, and null ends it for the next level', async () => {
  const { ada, teo } = await makeWorkspace(house);
  const member_id = teo.membershipId;
  await setRate(house, ada, { level: 'workspace', rate: '50' });
  const first = await setRate(house, ada, {
    level: 'member',
    member_id,
    rate: '70',
    valid_from: '2026-10-01',
  });
  const again = await setRate(house, ada, {
    level: 'member',
    member_id,
    rate: null,
    valid_from: '2026-10-01',
  });
  expect(again.rate).toMatchObject({ id: first.rate.id, rate: null });
  expect(await resolve(house, ada, { member_id })).toMatchObject({ rate: '50.00', source: 'workspace' });
});

test('logged time keeps its rate, unless the change is to count for it', async () => {
  const { ada, teo } = await makeWorkspace(house);
  const { project } = await makeWork(house, ada);
  await setRate(house, ada, { level: 'project', target_id: project, rate: '80' });
  const entry = async (date: string, more: object = {}) =>
    log(house, teo, { project_id: project, date, duration: '1:00', ...more });
  const september = await entry('2026-09-30');
  const october = await entry('2026-10-02');
  const byHand = await log(house, ada, {
    project_id: project,
    date: '2026-10-02',
    duration: '1:00',
    rate: '33',
  });
  const approved = await entry('2026-10-03');
  await approve(house, approved.id);
  await setRate(house, ada, { level: 'project', target_id: project, rate: '90' });
  const rateOf = async (id: string) => (await look(house, ada, id)).entry.rate;
  expect(await rateOf(october.id)).toBe('80.00');

  const change = { level: 'project', target_id: project, rate: '100', apply: 'unbilled_from:2026-10-01' };
  const told = await setRate(house, ada, { ...change, dry_run: true });
  expect(told).toMatchObject({ affected_entries: 1, entry_ids: [october.id], meta: { dry_run: true } });
  expect(await rateOf(october.id)).toBe('80.00');
  expect(await setRate(house, ada, change)).toMatchObject({
    affected_entries: 1,
    rate: { valid_from: '2026-10-01' },
  });
  expect(await Promise.all([september, october, byHand, approved].map(({ id }) => rateOf(id)))).toEqual([
    '80.00',
    '100.00',
    '33.00',
    '80.00',
  ]);
});

test('a closed period keeps its rates, and what another level decides is left alone', async () => {
  const workspace = await makeWorkspace(house);
  const { ada, teo } = workspace;
  const { project } = await makeWork(house, ada);
  await setRate(house, ada, { level: 'workspace', rate: '10' });
  const closed = await log(house, teo, { date: '2026-10-01', duration: '1:00' });
  const open = await log(house, teo, { date: '2026-10-02', duration: '1:00' });
  await setRate(house, ada, { level: 'project', target_id: project, rate: '20' });
  const ofProject = await log(house, teo, { project_id: project, date: '2026-10-02', duration: '1:00' });
  await setRate(house, ada, { level: 'project', target_id: project, rate: '21' });
  await closePeriod(house, workspace.id, '2026-10-01');
  const { entry_ids } = await setRate(house, ada, {
    level: 'workspace',
    rate: '11',
    valid_from: '2026-09-01',
    apply: 'unbilled_from:2026-09-01',
  });
  expect(entry_ids).toEqual([open.id]);
  expect((await look(house, ada, closed.id)).entry.rate).toBe('10.00');
  expect((await look(house, ada, ofProject.id)).entry.rate).toBe('20.00');
});

test('what somebody costs is kept with their time, apart from what is billed, and shown to managers only', async () => {
  const workspace = await makeWorkspace(house, { settings: { members_see_rates: true } });
  const { ada, noor, teo } = workspace;
  const member_id = teo.membershipId;
  await setRate(house, ada, { level: 'member', member_id, kind: 'cost', rate: '30' });
  const entry = await log(house, teo, { date: '2026-10-02', duration: '1:00', rate: '50' });
  const cost = async () => {
    const { rows } = await house.database.run('select cost_rate_minor from time_entries where id = $1', [
      entry.id,
    ]);
    return (rows as { cost_rate_minor: bigint | null }[])[0]!.cost_rate_minor;
  };
  expect(await cost()).toBe(3000n);
  await setRate(house, ada, { level: 'member', member_id, kind: 'cost', rate: '35' });
  await call(house, teo, 'time_entries.update', { id: entry.id, rate: '60' });
  expect(await cost()).toBe(3000n);
  const applied = await setRate(house, ada, {
    level: 'member',
    member_id,
    kind: 'cost',
    rate: '36',
    apply: 'unbilled_from:2026-10-01',
  });
  expect(applied.entry_ids).toEqual([entry.id]);
  expect(await cost()).toBe(3600n);
  expect((await look(house, teo, entry.id)).entry).not.toHaveProperty('cost_rate');
  expect((await refusalOf(call(house, teo, 'rates.list'))).code).toBe('role_too_low');
  expect((await refusalOf(call(house, teo, 'rates.resolve', { kind: 'cost' }))).code).toBe('role_too_low');
  const { data } = await call<{ data: Rate[] }>(house, noor, 'rates.list', { kind: 'cost' });
  expect(data.map(({ rate, valid_from }) => [rate, valid_from])).toEqual([
    ['30.00', null],
    ['36.00', '2026-10-01'],
  ]);
});

test('refuses what does not fit its level, with a sentence that says what does', async () => {
  const { ada, teo } = await makeWorkspace(house);
  const { client, project } = await makeWork(house, ada);
  const sentence = async (input: object) =>
    (await refusalOf(setRate(house, ada, { rate: '10', ...input }))).message;
  expect(await sentence({ level: 'client' })).toBe(
    'A rate of level client needs the id of a client as target_id.',
  );
  expect(await sentence({ level: 'client', target_id: project })).toMatch(/needs the id of a client/);
  expect(await sentence({ level: 'workspace', target_id: client })).toMatch(/has no target_id/);
  expect(await sentence({ level: 'member' })).toMatch(/needs member_id/);
  expect(await sentence({ level: 'project', target_id: project, member_id: teo.membershipId })).toMatch(
    /has no member_id/,
  );
  expect(await sentence({ level: 'client', target_id: 'Acme' })).toMatch(
    /target_id must be the id of a client, project or task/,
  );
});

test('refuses a rate that would never count: in another currency than the work, or a cost in another than the house’s', async () => {
  const { ada, teo } = await makeWorkspace(house);
  const { client } = await makeWork(house, ada, 'USD');
  const bill = await refusalOf(
    setRate(house, ada, { level: 'client', target_id: client, rate: '10', currency: 'EUR' }),
  );
  expect(bill).toMatchObject({
    code: 'currency_mismatch',
    message: 'Work of this client is billed in USD, so a rate in EUR would never count. Give it in USD.',
  });
  const cost = await refusalOf(
    setRate(house, ada, {
      level: 'member',
      member_id: teo.membershipId,
      kind: 'cost',
      rate: '10',
      currency: 'USD',
    }),
  );
  expect(cost.code).toBe('currency_mismatch');
  expect(await setRate(house, ada, { level: 'workspace', rate: '10', currency: 'USD' })).toMatchObject({
    rate: { currency: 'USD' },
  });
  expect(await resolve(house, ada, { client_id: client })).toMatchObject({ rate: '10.00', currency: 'USD' });
});

test('the rates of others are not there, nor what was deleted', async () => {
  const { ada } = await makeWorkspace(house);
  const other = await makeWorkspace(house);
  const { project } = await makeWork(house, other.ada);
  expect(
    (await refusalOf(setRate(house, ada, { level: 'project', target_id: project, rate: '1' }))).code,
  ).toBe('not_found');
  const stranger = { level: 'member', member_id: other.teo.membershipId, rate: '1' };
  expect((await refusalOf(setRate(house, ada, stranger))).code).toBe('not_found');
});

test('a connection that may not change time cannot re-rate it either', async () => {
  const { ada, teo } = await makeWorkspace(house);
  await log(house, teo, { date: '2026-10-02', duration: '1:00' });
  const change = { level: 'workspace', rate: '10', apply: 'unbilled_from:2026-10-01' };
  const scopes = ['rates:read', 'rates:write', 'time:read'] as const;
  const refusal = await refusalOf(call(house, ada, 'rates.set', change, { scopes }));
  expect(refusal).toMatchObject({ code: 'insufficient_scope', details: { missing: ['time:write'] } });
});

test('says which day is not one that has been', async () => {
  const { ada } = await makeWorkspace(house);
  const change = { level: 'workspace', rate: '10', apply: 'unbilled_from:2026-12-01' };
  expect((await refusalOf(setRate(house, ada, change))).message).toMatch(
    /"2026-12-01" is not a day that has been/,
  );
});

test('time on an invoice keeps the rate it was invoiced at, a draft’s too, until it is off it again', async () => {
  const { ada, teo } = await makeWorkspace(house);
  const { client, project } = await makeWork(house, ada);
  await setRate(house, ada, { level: 'client', target_id: client, rate: '80' });
  const [billed, open] = [
    await log(house, teo, { project_id: project, date: '2026-10-01', duration: '1:00' }),
    await log(house, teo, { project_id: project, date: '2026-10-02', duration: '1:00' }),
  ];
  const draft = await makeInvoice(house, ada, {
    client,
    lines: undefined,
    from_time: { entry_ids: [billed.id] },
  });
  const change = { level: 'client', target_id: client, rate: '90', apply: 'unbilled_from:2026-10-01' };
  expect(await setRate(house, ada, change)).toMatchObject({ entry_ids: [open.id] });
  expect((await look(house, ada, billed.id)).entry.rate).toBe('80.00');
  await call(house, ada, 'invoices.delete', { id: draft.id });
  expect(await setRate(house, ada, change)).toMatchObject({ entry_ids: [billed.id] });
});
