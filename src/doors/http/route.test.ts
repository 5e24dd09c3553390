import { expect, test } from 'vitest';
import { z } from 'zod';
import { operations } from '#catalogue.ts';
import { type Effect, operation } from '#operation/operation.ts';
import { routeOf, routesOf } from './route.ts';

const named = (name: string, effect: Effect, input: z.ZodRawShape = {}) =>
  operation({
    name,
    title: name,
    summary: name,
    effect,
    needs: { role: 'viewer' },
    input: z.object(input),
    output: z.object({}),
    handle: () => Promise.resolve({}),
  });
const id = z.string();

test.each([
  ['tags.list', 'read', {}, 'GET /tags'],
  ['tags.get', 'read', { id }, 'GET /tags/{id}'],
  ['profile.get', 'read', {}, 'GET /profile'],
  ['tags.create', 'create', {}, 'POST /tags'],
  ['tags.update', 'update', { id }, 'PATCH /tags/{id}'],
  ['settings.update', 'update', {}, 'PATCH /settings'],
  ['tags.delete', 'delete', { id }, 'DELETE /tags/{id}'],
  ['time_entries.bulk_create', 'create', {}, 'POST /time-entries/bulk-create'],
  ['time_entries.split', 'update', { id }, 'POST /time-entries/{id}/split'],
  ['invoices.send', 'send', { id }, 'POST /invoices/{id}/send'],
  ['timers.current', 'read', {}, 'GET /timers/current'],
  ['timers.discard', 'delete', {}, 'POST /timers/discard'],
  ['timers.stop', 'update', { id: id.optional() }, 'POST /timers/stop'],
] as const)('%s lives at its place', (name, effect, input, place) => {
  const { method, path } = routeOf(named(name, effect, input));
  expect(`${method} ${path}`).toBe(place);
});

test('no two operations of the catalogue share a method and a path', () => {
  const places = routesOf(operations).map(({ route }) => `${route.method} ${route.path}`);
  expect(places.length).toBeGreaterThan(3);
  expect(new Set(places).size).toBe(places.length);
});

test('an operation without the door http has no route', () => {
  const hidden = { ...named('secrets.list', 'read'), doors: new Set(['web'] as const) };
  expect(routesOf([hidden])).toEqual([]);
});
