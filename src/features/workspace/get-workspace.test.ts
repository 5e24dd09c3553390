import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';

const house = await openTestHouse();

test('says what the workspace is, what its plan gives and which rules it has', async () => {
  const { id, vera } = await makeWorkspace(house, { plan: 'team', settings: { overlap_policy: 'forbid' } });
  expect(await call(house, vera, 'workspace.get')).toMatchObject({
    id,
    currency: 'EUR',
    plan: 'team',
    billing_state: 'active',
    grace_ends_at: null,
    features: { mcp: true, members_limit: 25, approvals: true, audit_logs: false },
    settings: { overlap_policy: 'forbid', members_see_rates: false },
  });
});

test('a workspace that owes says until when it works as before', async () => {
  house.setNow('2026-10-05T12:00:00Z');
  const { id, vera } = await makeWorkspace(house);
  await house.database.identity
    .updateTable('workspaces')
    .set({ billing_state: 'past_due', past_due_since: Temporal.Instant.from('2026-10-01T00:00:00Z') })
    .where('id', '=', id)
    .execute();
  const answer = await call(house, vera, 'workspace.get');
  expect(answer['grace_ends_at']).toBe('2026-10-15T00:00:00Z');
  expect(answer.meta?.warnings?.[0]).toContain('read-only on 2026-10-15');
  house.setNow(null);
});
