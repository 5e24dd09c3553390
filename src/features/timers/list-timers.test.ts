import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import type { Timer } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');
interface Page {
  data: (Timer & { member_name: string })[];
  meta: { next_cursor: string | null };
}

test('shows a manager who is running what, page by page', async () => {
  const { teo, noor, ada } = await makeWorkspace(house);
  await call(house, teo, 'timers.start', { started_at: '2026-10-05T10:00' });
  await call(house, noor, 'timers.start', { started_at: '2026-10-05T11:00' });
  await call(house, ada, 'timers.start', { started_at: '2026-10-05T11:30' });
  await call(house, ada, 'timers.pause');
  const first = await call<Page>(house, noor, 'timers.list', { limit: 1 });
  expect(first.data.map(({ member_name }) => member_name)).toEqual(['Teo']);
  const second = await call<Page>(house, noor, 'timers.list', { limit: 1, cursor: first.meta.next_cursor });
  expect(second).toMatchObject({ data: [{ member_name: 'Noor' }], meta: { next_cursor: null } });
  expect((await call<Page>(house, noor, 'timers.list', { paused: true })).data).toHaveLength(3);
});

test('is not for members', async () => {
  const { teo } = await makeWorkspace(house);
  expect((await refusalOf(call(house, teo, 'timers.list'))).message).toBe('Access denied');
});
