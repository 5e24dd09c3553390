import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

const names = [
  'tags.create',
  'tags.update',
  'time_entries.create',
  'timers.stop',
  'clients.list',
  'projects.get',
];

test.each([
  ['create_tag', 'tags.create'],
  ['createTag', 'tags.create'],
  ['tags-create', 'tags.create'],
  ['stint_timer_stop', 'timers.stop'],
  ['timer.stpo', 'timers.stop'],
  ['time_entry_create', 'time_entries.create'],
  ['list_clients', 'clients.list'],
  ['get_project', 'projects.get'],
])('%s is near %s', (given, meant) => {
  expect(nearestName(given, names)).toBe(meant);
});
test.each(['', '...', 'weather_forecast', '__proto__', 'x'.repeat(100_000)])(
  '%.20s is near nothing',
  (given) => {
    expect(nearestName(given, names)).toBeNull();
  },
);
