import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeWorkspace } from '#testing/people.ts';
import { Refusal } from '#values/refusal.ts';
import { operator } from './author.ts';
import { deactivateMember, reactivateMember, removeMember } from './members.ts';
import { changeRole } from './operator-changes.ts';

const house = await openTestHouse();
const who = fc.constantFrom('mara' as const, 'ada' as const, 'noor' as const, 'teo' as const);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('role' as const),
      who,
      role: fc.constantFrom('owner' as const, 'owner' as const, 'admin' as const, 'viewer' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('deactivate' as const, 'reactivate' as const), who }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), who }) },
);

test('37 whoever is promoted, deactivated or removed at once: one active owner is there, and nobody is told of a failure of ours', async () => {
  let handed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 2, maxLength: 5, size: 'max' }), { minLength: 2, maxLength: 4 }),
      async (rounds) => {
        const work = await makeWorkspace(house);
        const take = (taken: (typeof rounds)[number][number]): Promise<void> => {
          const { email } = work[taken.who];
          if (taken.do === 'role') return changeRole(house, work.slug, email, taken.role, operator);
          const change = { deactivate: deactivateMember, reactivate: reactivateMember, remove: removeMember };
          return change[taken.do](house, work.slug, email, operator);
        };
        let owner: string = work.mara.membershipId;
        for (const together of rounds) {
          const outcomes = await Promise.allSettled(together.map(take));
          for (const each of outcomes)
            if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(Refusal);
          const { rows } = await house.database.run(
            `select id, status from memberships where workspace_id = $1 and role = 'owner'`,
            [work.id],
          );
          expect(rows).toEqual([{ id: expect.any(String) as string, status: 'active' }]);
          const { id } = rows[0] as { id: string };
          handed += id === owner ? 0 : 1;
          owner = id;
        }
      },
    ),
    { numRuns: 15 },
  );
  expect(handed).toBeGreaterThan(5);
});
