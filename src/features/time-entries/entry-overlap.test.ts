import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { log, type Logged } from '#testing/time.ts';
import { Refusal } from '#values/refusal.ts';

const house = await openTestHouse();
// A Monday noon in Berlin.
house.setNow('2026-10-05T10:00:00Z');

const create = 'time_entries.create';
const local = { started_at: '2026-10-04T13:30', ended_at: '2026-10-04T15:30' };

test('warns of overlapping time by default, and names it', async () => {
  const { teo } = await makeWorkspace(house);
  const first = await log(house, teo, local);
  const answer = await call<Logged>(house, teo, create, { started_at: '2026-10-04T15:00', duration: '1:00' });
  expect(answer.overlaps).toEqual([
    { entry_id: first.id, started_at: '2026-10-04T13:30:00+02:00', ended_at: '2026-10-04T15:30:00+02:00' },
  ]);
  expect(answer.meta?.warnings?.[0]).toContain(first.id);
});

test('forbids overlapping time where the workspace or the call says so; touching is no overlap', async () => {
  const { teo, noor } = await makeWorkspace(house, { settings: { overlap_policy: 'forbid' } });
  const first = await log(house, teo, local);
  const over = { started_at: '2026-10-04T15:29:59', duration: '1:00' };
  const refusal = await refusalOf(call(house, teo, create, over));
  expect(refusal).toMatchObject({ code: 'overlap', details: { conflicts: [{ entry_id: first.id }] } });
  await log(house, teo, { started_at: '2026-10-04T15:30', duration: '1:00' });
  await log(house, teo, { started_at: '2026-10-04T12:30', ended_at: '2026-10-04T13:30' });
  await log(house, noor, over);
  const lax = await makeWorkspace(house, { settings: { overlap_policy: 'allow' } });
  await log(house, lax.teo, local);
  expect((await refusalOf(call(house, lax.teo, create, { ...local, on_overlap: 'forbid' }))).code).toBe(
    'overlap',
  );
  expect((await call<Logged>(house, lax.teo, create, local)).overlaps).toEqual([]);
});

test('a running timer reaches to now: what lies ahead does not overlap it', async () => {
  const { teo } = await makeWorkspace(house, { settings: { overlap_policy: 'forbid' } });
  const { id } = await log(house, teo, { started_at: '2026-10-05T11:00' });
  await log(house, teo, { started_at: '2026-10-07T09:00', duration: '1:00' });
  await log(house, teo, { started_at: '2026-10-05T12:30', ended_at: '2026-10-05T13:00' });
  await log(house, teo, { started_at: '2026-10-05T12:00', ended_at: '2026-10-05T12:30' });
  await log(house, teo, { started_at: '2026-10-05T10:00', ended_at: '2026-10-05T11:00' });
  const refused = await refusalOf(log(house, teo, { started_at: '2026-10-05T11:59', duration_seconds: 60 }));
  expect(refused).toMatchObject({
    code: 'overlap',
    details: { conflicts: [{ entry_id: id, ended_at: null }] },
  });
});

test('a timer starts before what lies ahead, and stops after it with a warning', async () => {
  const { teo } = await makeWorkspace(house, { settings: { overlap_policy: 'forbid' } });
  const ahead = await log(house, teo, { started_at: '2026-10-05T12:30', duration: '1:00' });
  await call(house, teo, 'timers.start', { started_at: '2026-10-05T11:00' });
  house.setNow('2026-10-05T11:00:00Z');
  const stopped = await call<Logged>(house, teo, 'timers.stop');
  house.setNow('2026-10-05T10:00:00Z');
  expect(stopped.meta?.warnings?.[0]).toContain(ahead.id);
});

const stretches = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 6 })), {
  selector: String,
  minLength: 5,
  maxLength: 10,
});
type Stretch = readonly [from: number, length: number];
const meet = ([one, length]: Stretch, [other, its]: Stretch): boolean =>
  one < other + its && other < one + length;
const logAt = (person: Person, [from, length]: Stretch): Promise<boolean> => {
  const hour = Temporal.Instant.from('2026-10-03T00:00:00Z').add({ hours: from });
  return log(house, person, { started_at: hour.toString(), duration_seconds: length * 3600 }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Refusal && error.code === 'overlap') return false;
      throw error;
    },
  );
};

test('7 where it is forbidden, exactly what meets no other stretch is taken; at once too, and a stretch of no length is in nobody’s way', async () => {
  let [taken, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(stretches, async (given) => {
      const { noor, teo } = await makeWorkspace(house, { settings: { overlap_policy: 'forbid' } });
      const there: Stretch[] = [];
      for (const one of given) {
        const free = !there.some((other) => meet(one, other));
        expect(await logAt(teo, one)).toBe(free);
        if (free) there.push(one);
      }
      // At once: whichever come first, no two of those taken meet, and none was refused for nothing.
      const outcomes = await Promise.all(given.map((one) => logAt(noor, one)));
      const won = given.filter((_, index) => outcomes[index]);
      expect(won.some((one, index) => won.slice(index + 1).some((other) => meet(one, other)))).toBe(false);
      for (const one of given) expect(won.some((other) => meet(one, other))).toBe(true);
      taken += won.length;
      refused += given.length - won.length;
    }),
    { numRuns: 6 },
  );
  expect(Math.min(taken, refused)).toBeGreaterThan(10);
  const { teo } = await makeWorkspace(house, { settings: { overlap_policy: 'forbid' } });
  await log(house, teo, { started_at: '2026-10-05T12:00' });
  await call(house, teo, 'timers.stop');
  await log(house, teo, { started_at: '2026-10-05T11:00', ended_at: '2026-10-05T13:00' });
});

test('7 what fills a pause exactly touches both of its sides, and overlaps neither', async () => {
  const { teo } = await makeWorkspace(house, { settings: { overlap_policy: 'forbid' } });
  await log(house, teo, { started_at: '2026-10-05T11:00' });
  await call(house, teo, 'timers.pause', { at: '2026-10-05T11:20' });
  await call(house, teo, 'timers.resume', { at: '2026-10-05T11:40' });
  await call(house, teo, 'timers.stop');
  for (const ended_at of ['2026-10-05T11:40:01', '2026-10-05T11:59'])
    expect((await refusalOf(log(house, teo, { started_at: '2026-10-05T11:20', ended_at }))).code).toBe(
      'overlap',
    );
  await log(house, teo, { started_at: '2026-10-05T11:20', ended_at: '2026-10-05T11:40' });
});
