import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { approve, type Entry, log, type Logged, look, makeProject, type Started } from '#testing/time.ts';
import { makeRule, textHas } from '#testing/rules.ts';
import { scopeNames } from '#operation/scopes.ts';

const house = await openTestHouse();
const start = Temporal.Instant.from('2026-10-05T12:00:00Z');
house.setNow(start);

interface Firings {
  rules: { name: string; changes: Record<string, unknown> }[];
}
const update = async (person: Person, id: string, input: object) =>
  (await call<{ entry: Entry; changed: string[] }>(house, person, 'time_entries.update', { id, ...input }))
    .entry;
const namesOf = (entry: Entry) => entry.tags?.map(({ name }) => name);

test('a timer is filed when it starts, and judged by its length when it stops', async () => {
  house.setNow(start);
  const { noor, teo } = await makeWorkspace(house);
  const project = await makeProject(house, noor, { rate: '90.00', billable: false });
  await makeRule(house, noor, { when: textHas('acme'), then: [{ set_project: project }] });
  await makeRule(house, noor, {
    when: { all: [{ field: 'duration_seconds', op: 'at_least', value: 3600 }] },
    then: [{ add_tag: 'long' }],
  });
  const { timer } = await call<Started>(house, teo, 'timers.start', { description: 'Acme: logo' });
  const running = (await look(house, noor, timer.entry_id)).entry;
  expect(running).toMatchObject({
    project: { id: project },
    rate: '90.00',
    rate_source: 'project',
    billable: false,
  });
  expect(namesOf(running)).toEqual([]);
  house.setNow(start.add({ hours: 2 }));
  const { entry } = await call<Logged>(house, teo, 'timers.stop');
  expect(namesOf(entry)).toEqual(['long']);
});

test('a timer that another one stops is a timer that stops', async () => {
  house.setNow(start);
  const { noor, teo } = await makeWorkspace(house);
  await makeRule(house, noor, {
    name: 'Short',
    when: { all: [{ field: 'duration_seconds', op: 'less_than', value: 3600 }] },
    then: [{ add_tag: 'short' }],
  });
  const first = await call<Started>(house, teo, 'timers.start', { description: 'One' });
  house.setNow(start.add({ minutes: 5 }));
  const second = await call<Started>(house, teo, 'timers.start', { description: 'Two' });
  expect(namesOf((await look(house, teo, first.timer.entry_id)).entry)).toEqual(['short']);
  expect(second.meta?.warnings).toEqual(['Rules changed this entry: "Short" (tags).']);
});

test('many at once, and a task with a timer, are filed like one', async () => {
  house.setNow(start);
  const { noor, teo } = await makeWorkspace(house);
  await makeRule(house, noor, { name: 'Calls', when: textHas('call'), then: [{ add_tag: 'call' }] });
  const { meta } = await call(house, teo, 'time_entries.bulk_create', {
    items: ['call A', 'call B', 'lunch'].map((description) => ({
      date: '2026-10-05',
      duration: '0:10',
      description,
    })),
  });
  expect(meta?.warnings).toEqual(['Rules changed 2 time entries: "Calls" (tags).']);
  const { timer } = await call<{ timer: { tags: { name: string }[] } }>(house, teo, 'tasks.create', {
    summary: 'Call the bank',
    start_timer: true,
  }).then(async () => call<{ timer: { tags: { name: string }[] } }>(house, teo, 'timers.current'));
  expect(timer.tags.map(({ name }) => name)).toEqual(['call']);
});

test('an edit runs the rules that look at what changed, and no others: old time is left alone', async () => {
  house.setNow(start);
  const { noor, teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { duration: '1:00', description: 'Acme' });
  await makeRule(house, noor, { when: textHas('acme'), then: [{ add_tag: 'client work' }] });
  expect(namesOf(await update(teo, id, { billable: false }))).toEqual([]);
  expect(namesOf(await update(teo, id, { description: 'Acme, logo' }))).toEqual(['client work']);
});

test('what a person sets by hand, then or later, stays; a rule that is always enforced has its way every time', async () => {
  house.setNow(start);
  const { noor, teo } = await makeWorkspace(house);
  const [one, two] = [await makeProject(house, noor), await makeProject(house, noor)];
  const then = [{ set_project: one }, { set_billable: false }, { add_tag: 'auto' }];
  const { rule } = await makeRule(house, noor, { when: textHas('acme'), then });
  const chosen = await log(house, teo, { duration: '1:00', description: 'acme', project_id: two });
  expect(chosen).toMatchObject({ project: { id: two }, billable: false });
  const filed = await log(house, teo, { duration: '1:00', description: 'acme' });
  expect(filed).toMatchObject({ project: { id: one }, billable: false });
  await update(teo, filed.id, { project_id: two, billable: true, tags: [] });
  const later = await update(teo, filed.id, { description: 'acme again' });
  expect(later).toMatchObject({ project: { id: two }, billable: true, tags: [] });

  await call(house, noor, 'rules.update', { id: rule.id, always_enforce: true });
  const enforced = await update(teo, filed.id, { timezone: 'Europe/London' });
  expect(enforced).toMatchObject({ project: { id: one }, billable: false, tags: [{ name: 'auto' }] });
  const tried = await update(teo, filed.id, { project_id: two });
  expect(tried.project?.id).toBe(one);
});

test('to say again what is so already is no decision: rules go on', async () => {
  house.setNow(start);
  const { noor } = await makeWorkspace(house);
  await makeRule(house, noor, { when: textHas('acme'), then: [{ set_billable: false }, { add_tag: 'a' }] });
  const entry = await log(house, noor, { duration: '1:00', description: 'lunch', tags: ['b'] });
  await update(noor, entry.id, { project_id: null, billable: true, tags: ['b'] });
  const filed = await update(noor, entry.id, { description: 'acme', billable: true, tags: ['b'] });
  expect(filed).toMatchObject({ billable: false, tags: [{ name: 'a' }, { name: 'b' }] });
  expect(filed.version).toBeGreaterThan(entry.version);
});

test('a note is added once, and stays away when somebody takes it out', async () => {
  house.setNow(start);
  const { noor } = await makeWorkspace(house);
  await makeRule(house, noor, { when: textHas('acme'), then: [{ append_note: 'PO 4711' }] });
  const entry = await log(house, noor, { duration: '1:00', description: 'acme' });
  expect(entry.description).toBe('acme\nPO 4711');
  expect((await update(noor, entry.id, { description: 'acme PO 4711 more' })).description).toBe(
    'acme PO 4711 more',
  );
  expect((await update(noor, entry.id, { description: 'acme' })).description).toBe('acme');
});

test('locked time is not touched, not even when a timer in a closed period stops', async () => {
  house.setNow(start);
  const { id: workspace, noor, teo } = await makeWorkspace(house);
  await makeRule(house, noor, { then: [{ add_tag: 'seen' }], always_enforce: true, enabled: false });
  const { id } = await log(house, teo, { duration: '1:00', description: 'x' });
  const { timer } = await call<Started>(house, teo, 'timers.start');
  await approve(house, id);
  await house.database.run(`update workspaces set lock_date = '2026-10-05' where id = $1`, [workspace]);
  const { data } = await call<{ data: { id: string }[] }>(house, noor, 'rules.list');
  await call(house, noor, 'rules.toggle_enabled', { id: data[0]!.id, enabled: true });
  const { entry } = await call<Logged>(house, teo, 'timers.stop', { entry_id: timer.entry_id });
  expect(entry.tags).toEqual([]);
  expect((await refusalOf(update(noor, id, { description: 'y' }))).code).toBe('entry_locked');
  const { backfill } = await call<{ backfill: object }>(house, noor, 'rules.update', {
    id: data[0]!.id,
    backfill: { from: '2026-10-01', to: '2026-10-31', dry_run: false },
  });
  expect(backfill).toMatchObject({
    looked_at: 2,
    matched: 2,
    changed: 0,
    skipped: [{ reason: 'locked', count: 2 }],
  });
});

test('a project that was archived since is left out, and said to be', async () => {
  house.setNow(start);
  const { noor, teo } = await makeWorkspace(house);
  const project = await makeProject(house, noor, { name: 'Old' });
  const { rule } = await makeRule(house, noor, {
    name: 'Filing',
    then: [{ set_project: project }, { add_tag: 'b' }],
  });
  await call(house, noor, 'projects.update', { id: project, archived: true });
  const { entry, meta } = await call<Logged>(house, teo, 'time_entries.create', { duration: '1:00' });
  expect(entry).toMatchObject({ project: null, tags: [{ name: 'b' }] });
  expect(meta?.warnings).toEqual([
    'Rules changed this entry: "Filing" (tags).',
    'The rule "Filing" was not followed in full: its project is archived.',
  ]);
  const shown = await call<{ rule: { summary: string } }>(house, noor, 'rules.get', { id: rule.id });
  expect(shown.rule.summary).toBe('Always: put it into the project "Old" (archived), add the tag "b".');
});

test('a budget counts where the rule puts the time, but never keeps a timer from stopping', async () => {
  house.setNow(start);
  const { noor, teo } = await makeWorkspace(house);
  const project = await makeProject(house, noor, {
    budget: { kind: 'seconds', seconds: 3600, hard_stop: true },
  });
  await makeRule(house, noor, {
    when: { all: [{ field: 'duration_seconds', op: 'at_least', value: 1 }] },
    then: [{ set_project: project }],
  });
  expect((await refusalOf(log(house, teo, { duration: '2:00' }))).code).toBe('budget_exhausted');
  await call(house, teo, 'timers.start');
  house.setNow(start.add({ hours: 2 }));
  const { entry } = await call<Logged>(house, teo, 'timers.stop');
  expect(entry.project?.id).toBe(project);
});

test('says why: the entry names its rules, the rule its entries; rates only to those who see them', async () => {
  house.setNow(start);
  const { noor, teo } = await makeWorkspace(house);
  const { rule } = await makeRule(house, noor, {
    name: 'Rated',
    then: [{ set_rate: '70.00' }, { set_billable: false }],
  });
  const { id } = await log(house, teo, { duration: '1:00' });
  const { rules } = await call<Firings>(house, noor, 'time_entries.get', { id });
  expect(rules).toMatchObject([
    {
      name: 'Rated',
      changes: { rate: { from: null, to: '70.00 EUR' }, billable: { from: true, to: false } },
    },
  ]);
  const own = await call<Firings>(house, teo, 'time_entries.get', { id });
  expect(own.rules[0]?.changes).toEqual({ billable: { from: true, to: false } });
  const { firings } = await call<{ firings: { entry_id: string }[] }>(house, noor, 'rules.get', {
    id: rule.id,
  });
  expect(firings.map(({ entry_id }) => entry_id)).toEqual([id]);
  const shown = JSON.stringify(await call(house, teo, 'rules.get', { id: rule.id }));
  expect(shown).not.toContain('70.00');
});

test('a connection that may not read rules learns that one worked, not which', async () => {
  house.setNow(start);
  const { noor } = await makeWorkspace(house);
  await makeRule(house, noor, { name: 'Secret plan' });
  const scopes = scopeNames.filter((scope) => !scope.startsWith('rules:'));
  const answer = await call<Logged>(house, noor, 'time_entries.create', { duration: '1:00' }, { scopes });
  expect(answer.meta?.warnings).toEqual(['Rules of the workspace changed this entry.']);
});

test('a rate by a rule stays when the timer moves, and is asked for again with the others', async () => {
  house.setNow(start);
  const { noor } = await makeWorkspace(house);
  const project = await makeProject(house, noor, { rate: '90.00' });
  await makeRule(house, noor, { when: textHas('weekend'), then: [{ set_rate: '120.00' }] });
  const { timer } = await call<Started>(house, noor, 'timers.start', { description: 'weekend' });
  await call(house, noor, 'timers.update', { project_id: project });
  const { entry } = await call<Logged>(house, noor, 'timers.stop');
  expect(entry).toMatchObject({ rate: '120.00', rate_source: 'rule', project: { id: project } });
  const mine = await update(noor, timer.entry_id, { rate: '10.00' });
  expect(mine).toMatchObject({ rate: '10.00', rate_source: 'entry' });
  expect(await update(noor, timer.entry_id, { re_rate: true })).toMatchObject({
    rate: '120.00',
    rate_source: 'rule',
  });
});

test('a merged tag goes on in the rules that name it', async () => {
  house.setNow(start);
  const { noor } = await makeWorkspace(house);
  const tag = async (name: string) =>
    (await call<{ tag: { id: string } }>(house, noor, 'tags.create', { name })).tag.id;
  const [from, into] = [await tag('mtg'), await tag('meeting')];
  await makeRule(house, noor, { then: [{ add_tag: from }] });
  await call(house, noor, 'tags.update', { id: from, merge_into: into });
  expect(namesOf(await log(house, noor, { duration: '1:00' }))).toEqual(['meeting']);
});

test('the parts of an entry are no new time: they keep what it was given, and what was decided', async () => {
  house.setNow(start);
  const { noor } = await makeWorkspace(house);
  await makeRule(house, noor, { then: [{ set_rate: '70.00' }] });
  const { id } = await log(house, noor, { duration: '1:00', billable: true });
  const { entries } = await call<{ entries: Entry[] }>(house, noor, 'time_entries.split', {
    id,
    seconds: [600],
  });
  expect(entries.map(({ rate_source }) => rate_source)).toEqual(['rule', 'rule']);
});
