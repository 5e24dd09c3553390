import { expect, test } from 'vitest';
import { houseVia, loadActor } from '#identity/actor.ts';
import { run } from '#operation/run.ts';
import { openTestHouse } from '#testing/house.ts';
import { plantStory } from './plant-story.ts';

const house = await openTestHouse();
house.setNow('2026-03-31T10:00:00Z');
await plantStory(house, 'a password of the story');

/** Asks as Mara, in one of her workspaces. */
const maraIn = async (slug: string) => {
  const { identity } = house.database;
  const ids = await identity
    .selectFrom('users')
    .innerJoin('memberships', 'memberships.user_id', 'users.id')
    .innerJoin('workspaces', 'workspaces.id', 'memberships.workspace_id')
    .select(['users.id as userId', 'workspaces.id as workspaceId'])
    .where('users.email', '=', 'mara@example.com')
    .where('workspaces.slug', '=', slug)
    .executeTakeFirstOrThrow();
  const actor = await loadActor(house.database, { ...ids, via: houseVia('session') });
  return async (name: string, input: object) => {
    const operation = house.operations.find((each) => each.name === name)!;
    const answer = await run(house, actor, operation, input, { id: 'test', source: 'web', ipPrefix: null });
    return answer as { data: Record<string, unknown>[]; [field: string]: unknown };
  };
};

test('Northwind has an invoice in every state that somebody meets first, in three currencies', async () => {
  const ask = await maraIn('northwind');
  const { data } = await ask('invoices.list', { limit: 100 });
  const told = data.map(({ kind, status, client, currency }) => [
    kind,
    status,
    (client as { name: string }).name,
    currency,
  ]);
  expect(told.toSorted()).toEqual([
    ['credit_note', 'sent', 'Blue Heron Books', 'GBP'],
    ['invoice', 'draft', 'Acme GmbH', 'EUR'],
    ['invoice', 'overdue', 'Acme GmbH', 'EUR'],
    ['invoice', 'paid', 'Atelier Lumen', 'EUR'],
    ['invoice', 'paid', 'Blue Heron Books', 'GBP'],
    ['invoice', 'sent', 'Kestrel Robotics', 'USD'],
  ]);
  const overdue = data.find(({ status }) => status === 'overdue')!;
  expect(Number(overdue['paid'])).toBeCloseTo(Number(overdue['total']) / 2, 1);
  const series = await ask('recurring_invoices.list', {});
  expect(series.data.map(({ status, next_on }) => [status, next_on])).toEqual([['active', '2026-04-01']]);
});

test('its time has tags by a rule, and is billed by the quarter of an hour', async () => {
  const ask = await maraIn('northwind');
  const { data } = await ask('tags.list', {});
  const uses = new Map(data.map((tag) => [tag['name'], Number(tag['uses'])]));
  expect(uses.get('meeting')).toBeGreaterThan(20);
  const drafts = await ask('invoices.list', { status: 'draft' });
  const draft = await ask('invoices.get', { id: drafts.data[0]!['id'] });
  const { lines, period } = draft['invoice'] as { lines: { billed_seconds: number }[]; period: object };
  expect(period).toMatchObject({
    from: expect.stringMatching(/^2026-02/),
    to: expect.stringMatching(/^2026-02/),
  });
  const seconds = lines.reduce((sum, { billed_seconds: billed }) => sum + billed, 0);
  expect([seconds > 0, seconds % 900]).toEqual([true, 0]);
});

test('Mara was paid for her own work, without tax', async () => {
  const { data } = await (await maraIn('mara'))('invoices.list', {});
  expect(data).toMatchObject([{ status: 'paid', total: '180.00', currency: 'EUR' }]);
});
