import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { closePeriod, log, type Logged, look, type Started } from '#testing/time.ts';

const house = await openTestHouse();

/** A timer started before a day that is closed three days later. */
const trapped = async () => {
  house.setNow('2026-10-05T10:00:00Z');
  const workspace = await makeWorkspace(house);
  const { timer } = await call<Started>(house, workspace.teo, 'timers.start');
  house.setNow('2026-10-08T10:00:00Z');
  await closePeriod(house, workspace.id, '2026-10-06');
  return { ...workspace, id: timer.entry_id };
};

test('a timer from a closed period can be stopped, and then no longer changes', async () => {
  const { teo, id } = await trapped();
  expect(await call(house, teo, 'timers.stop')).toMatchObject({
    entry: { id, state: 'stopped', duration_seconds: 3 * 86_400, locked_by: 'period' },
  });
  const refusal = await refusalOf(call(house, teo, 'time_entries.update', { id, description: 'x' }));
  expect(refusal.code).toBe('period_locked');
});

test('or be thrown away, or paused', async () => {
  const one = await trapped();
  expect(await call(house, one.teo, 'timers.discard', { confirm: true })).toMatchObject({
    discarded: one.id,
  });
  const other = await trapped();
  expect(await call(house, other.teo, 'timers.pause')).toMatchObject({ timer: { state: 'paused' } });
});

test('and makes room for the next', async () => {
  const { teo, id } = await trapped();
  const { stopped_entry } = await call<Started>(house, teo, 'timers.start');
  expect(stopped_entry).toMatchObject({ id, state: 'stopped' });
});

test('but what it is for does not change any more', async () => {
  const { teo } = await trapped();
  expect((await refusalOf(call(house, teo, 'timers.update', { description: 'x' }))).code).toBe(
    'period_locked',
  );
});

test('stopping is never refused because other time overlaps, however strict the workspace became', async () => {
  house.setNow('2026-10-05T10:00:00Z');
  const { id: workspace, teo } = await makeWorkspace(house);
  const { timer } = await call<Started>(house, teo, 'timers.start', { started_at: '2026-10-05T11:00' });
  const other = await log(house, teo, { started_at: '2026-10-05T11:10', ended_at: '2026-10-05T11:20' });
  await house.database.identity
    .updateTable('workspaces')
    .set({ settings: JSON.stringify({ overlap_policy: 'forbid' }) })
    .where('id', '=', workspace)
    .execute();
  const { meta } = await call<Logged>(house, teo, 'timers.stop');
  expect(meta?.warnings?.join()).toContain(other.id);
  expect((await look(house, teo, timer.entry_id)).entry.state).toBe('stopped');
});
