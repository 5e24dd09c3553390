import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

test('says who acts, where, as what, and what time it is for them', async () => {
  const { teo, id } = await makeWorkspace(house, { timezone: 'Asia/Tokyo', currency: 'JPY' });
  house.setNow('2026-10-05T15:30:00Z');
  const answer = await call(house, teo, 'profile.get', {}, { scopes: ['mcp', 'profile:read'] });
  house.setNow(null);
  expect(answer).toEqual({
    user: expect.objectContaining({
      id: teo.userId,
      member_id: teo.membershipId,
      name: 'Teo',
      timezone: 'Asia/Tokyo',
    }),
    workspace: { id, name: expect.any(String), currency: 'JPY' },
    role: 'member',
    scopes: ['mcp', 'profile:read'],
    now: {
      utc: '2026-10-05T15:30:00Z',
      local: '2026-10-06T00:30:00+09:00',
      today: '2026-10-06',
      weekday: 'Tuesday',
    },
  });
});

test('a connection that may not see the profile is told so', async () => {
  const { teo } = await makeWorkspace(house);
  const refusal = await refusalOf(call(house, teo, 'profile.get', {}, { scopes: ['mcp'] }));
  expect(refusal.code).toBe('insufficient_scope');
});
