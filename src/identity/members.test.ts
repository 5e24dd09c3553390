import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { operator } from './author.ts';
import { changeRole } from './operator-changes.ts';
import { setEntitlement } from './workspaces.ts';
import { addMember, deactivateMember, reactivateMember, removeMember } from './members.ts';

const house = await openTestHouse();

interface Entry {
  readonly entry: { id: string; state: string; ended_at: string | null; duration_seconds: number };
}

test.each([
  ['deactivated', deactivateMember],
  ['removed', removeMember],
])(
  'the timers of somebody who is %s stop: the running one at that moment, those paused with what they have',
  async (_how, leave) => {
    house.setNow('2026-10-05T10:00:00Z');
    const work = await makeWorkspace(house);
    type Timer = { timer: { entry_id: string } };
    const paused = await call<Timer>(house, work.teo, 'timers.start', { started_at: '2026-10-05T10:00' });
    await call(house, work.teo, 'timers.pause', { at: '2026-10-05T11:00' });
    const { timer } = await call<Timer>(house, work.teo, 'timers.start', { description: 'Lab' });
    house.setNow('2026-10-05T11:30:00.7Z');
    await leave(house, work.slug, work.teo.email, operator);
    const after = await call<Entry>(house, work.noor, 'time_entries.get', { id: timer.entry_id });
    expect(after.entry).toMatchObject({
      state: 'stopped',
      ended_at: '2026-10-05T13:30:00+02:00',
      duration_seconds: 5_400,
    });
    const kept = await call<Entry>(house, work.noor, 'time_entries.get', { id: paused.timer.entry_id });
    expect(kept.entry).toMatchObject({
      state: 'stopped',
      ended_at: '2026-10-05T11:00:00+02:00',
      duration_seconds: 3_600,
    });
    const said = await house.database.identity
      .selectFrom('audit_logs')
      .select('after')
      .where('workspace_id', '=', work.id)
      .where('entity_id', '=', work.teo.membershipId)
      .executeTakeFirstOrThrow();
    expect(said.after).toMatchObject({ stopped_entries: [paused.timer.entry_id, timer.entry_id].sort() });
  },
);

test('nobody logs time for a member who is not active; what they logged can still be put right', async () => {
  house.setNow('2026-10-05T10:00:00Z');
  const work = await makeWorkspace(house);
  const piece = { date: '2026-10-05', duration: '1:00', member_id: work.teo.membershipId };
  const { entry } = await call<Entry>(house, work.noor, 'time_entries.create', piece);
  await deactivateMember(house, work.slug, work.teo.email, operator);
  const refused = await refusalOf(call(house, work.noor, 'time_entries.create', piece));
  expect([refused.code, refused.field]).toEqual(['validation_failed', 'member_id']);
  await call(house, work.noor, 'time_entries.update', { id: entry.id, duration: '2:00' });
  await reactivateMember(house, work.slug, work.teo.email, operator);
  await call(house, work.noor, 'time_entries.create', piece);
});

test('a full workspace takes nobody more, and says of its members that they are members', async () => {
  const work = await makeWorkspace(house);
  const guest = await makeWorkspace(house);
  const add = (email: string) => addMember(house, work.slug, email, 'member', operator);
  await deactivateMember(house, work.slug, work.vera.email, operator);
  await setEntitlement(house, work.slug, 'members_limit', 4, operator);
  expect((await refusalOf(add(work.teo.email))).code).toBe('already_member');
  const codes = [await refusalOf(add(guest.teo.email))];
  codes.push(await refusalOf(reactivateMember(house, work.slug, work.vera.email, operator)));
  expect(codes.map(({ code }) => code)).toEqual(['member_limit_reached', 'member_limit_reached']);
  await setEntitlement(house, work.slug, 'members_limit', 5, operator);
  const outcomes = await Promise.allSettled(
    [guest.teo, guest.ada, guest.noor].map(({ email }) => add(email)),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('nobody becomes owner at the moment in which they are deactivated', async () => {
  for (let round = 0; round < 10; round += 1) {
    const work = await makeWorkspace(house);
    await Promise.allSettled([
      changeRole(house, work.slug, work.ada.email, 'owner', operator),
      deactivateMember(house, work.slug, work.ada.email, operator),
    ]);
    const { status } = await house.database.identity
      .selectFrom('memberships')
      .select('status')
      .where('workspace_id', '=', work.id)
      .where('role', '=', 'owner')
      .executeTakeFirstOrThrow();
    expect(status).toBe('active');
  }
});
