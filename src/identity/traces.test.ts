import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { connectionFor, makeWorkspace, password, refusalOf } from '#testing/people.ts';
import type { Id } from '#values/id.ts';
import { newId } from '#values/id.ts';
import { changePassword, setDisabled, signIn, updateProfile } from './accounts.ts';
import { operator } from './author.ts';
import { addMember, deactivateMember, findUser } from './members.ts';
import { changeRole, setPassword } from './operator-changes.ts';
import { endAllSessions } from './sessions.ts';
import { setEntitlement } from './workspaces.ts';

const house = await openTestHouse();

const auditOf = (workspaceId: Id<'wsp'>, userId: Id<'usr'>) =>
  house.database.identity
    .selectFrom('audit_logs')
    .select(['action', 'via', 'actor_user_id', 'before', 'after'])
    .where('workspace_id', '=', workspaceId)
    .where('entity_id', '=', userId)
    .orderBy('seq')
    .execute();

/** Two workspaces; each one's Teo is a member of the other, too. */
const twoHouses = async () => {
  const [one, two] = [await makeWorkspace(house), await makeWorkspace(house)];
  await house.database.aboveWorkspaces(house.clock(), async (tx) => {
    for (const [here, guest] of [
      [one, two.teo],
      [two, one.teo],
    ] as const) {
      await tx
        .insertInto('memberships')
        .values({
          id: newId('mem', house.clock()),
          workspace_id: here.id,
          user_id: guest.userId,
          role: 'member',
        })
        .execute();
    }
  });
  return [one, two] as const;
};

test('who changes their own password or profile leaves a trace in each of their workspaces, and never the password', async () => {
  const [one, two] = await twoHouses();
  const { userId } = one.teo;
  const session = Buffer.alloc(32);
  const next = 'another good horse battery';
  await changePassword(house, { userId, session, current: password, next, ip: '198.51.100.7' });
  const profile = {
    name: 'Teo V.',
    timezone: 'europe/LISBON',
    week_start: 0,
    duration_format: 'decimal',
  } as const;
  await updateProfile(house, userId, profile);
  for (const { id } of [one, two]) {
    const entries = await auditOf(id, userId);
    expect(entries).toMatchObject([
      { action: 'account.password', via: 'session', actor_user_id: userId, before: null, after: null },
      {
        action: 'account.profile',
        before: { name: 'Teo', timezone: 'Europe/Berlin' },
        after: { name: 'Teo V.', timezone: 'Europe/Lisbon', week_start: 0 },
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain(next);
  }
});

test('what is noted in several workspaces at once never waits for itself', async () => {
  const [one, two] = await twoHouses();
  for (const { teo } of [one, two]) {
    for (const at of [one, two]) await connectionFor(house, { ...teo, workspaceId: at.id });
  }
  const now = house.clock();
  const work = Array.from({ length: 6 }, (_, round) =>
    [one, two].flatMap(({ teo }) => [
      setDisabled(house, teo.email, round % 2 === 0, operator),
      endAllSessions(house.database, teo.userId, now),
    ]),
  ).flat();
  const settled = await Promise.allSettled([
    ...work,
    setPassword(house, one.teo.email, password, operator),
    setPassword(house, two.teo.email, password, operator),
  ]);
  expect(settled.filter(({ status }) => status === 'rejected')).toEqual([]);
});

test('an address is the same however its letters are encoded', async () => {
  const { mara } = await makeWorkspace(house);
  const wide = mara.email.replace('@', '＠').toUpperCase();
  const found = await house.database.aboveWorkspaces(house.clock(), (tx) => findUser(tx, wide));
  expect(found.id).toBe(mara.userId);
  expect((await signIn(house, { email: wide, password, ip: '198.51.100.9' })).userId).toBe(mara.userId);
});

test('two people who are added at once do not both take the last place', async () => {
  const [here, there] = [await makeWorkspace(house), await makeWorkspace(house)];
  await setEntitlement(house, here.slug, 'members_limit', 6, operator);
  const settled = await Promise.allSettled(
    [there.ada, there.noor, there.teo, there.vera].map(({ email }) =>
      addMember(house, here.slug, email, 'member', operator),
    ),
  );
  const refused = settled.filter((each) => each.status === 'rejected');
  expect(refused.map(({ reason }) => (reason as { code: string }).code)).toEqual(
    Array<string>(3).fill('member_limit_reached'),
  );
});

test('a deactivated member does not become the owner', async () => {
  const { slug, teo } = await makeWorkspace(house);
  await deactivateMember(house, slug, teo.email, operator);
  const refused = await refusalOf(changeRole(house, slug, teo.email, 'owner', operator));
  expect(refused.code).toBe('owner_is_active');
});
