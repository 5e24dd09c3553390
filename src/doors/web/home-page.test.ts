import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { createAccount } from '#identity/accounts.ts';
import { takeSignUp } from '#identity/throttle.ts';
import { makeWorkspace, password } from '#testing/people.ts';
import { visit } from '#testing/visitor.ts';
import { serveWeb } from '#testing/web-house.ts';

const web = await serveWeb();
const { house, url } = web;
afterAll(() => web.close());

const anAddress = () => `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`;
const from = (address: string) => ({ 'x-forwarded-for': address });
const wish = { name: 'Studio Lind', currency: 'CHF', timezone: 'Europe/Zurich' };

/** Somebody with an account and no workspace, signed in. */
const newcomer = async () => {
  const email = `newcomer-${randomBytes(6).toString('hex')}@example.com`;
  const userId = await createAccount(house, { email, name: 'Nia', password, timezone: 'Asia/Tokyo' });
  const visitor = visit(url);
  await visitor.post('/login', { email, password }, from(anAddress()));
  return { visitor, userId };
};
const ownedBy = (userId: `usr_${string}`) =>
  house.database.identity
    .selectFrom('memberships as m')
    .innerJoin('workspaces as w', 'w.id', 'm.workspace_id')
    .select(['w.id', 'w.name', 'w.currency', 'w.timezone', 'w.week_start', 'm.role'])
    .where('m.user_id', '=', userId)
    .execute();

test('whoever belongs to no workspace makes one, owns it, and finds it in the audit log', async () => {
  const { visitor, userId } = await newcomer();
  const empty = await visitor.get('/', { 'accept-language': 'en-US' });
  expect(empty.text).toContain('You belong to no workspace yet.');
  expect(empty.text).toContain('<details class="more" id="new-workspace" open>');
  for (const guess of ['USD', 'Asia/Tokyo']) expect(empty.text).toContain(`value="${guess}" selected`);
  const made = await visitor.post('/workspaces', wish, {
    ...from('203.0.113.7'),
    'accept-language': 'en-US',
  });
  expect([made.status, made.location]).toEqual([303, '/?notice=workspace']);
  const [workspace, ...others] = await ownedBy(userId);
  expect(others).toEqual([]);
  expect(workspace).toMatchObject({ ...wish, week_start: 0, role: 'owner' });
  const { text } = await visitor.get(made.location!);
  for (const part of ['Your new workspace is ready.', 'Studio Lind', 'id="new-workspace" >'])
    expect(text).toContain(part);
  const entries = await house.database.identity
    .selectFrom('audit_logs')
    .select(['action', 'actor_user_id', 'via', 'ip_prefix'])
    .where('workspace_id', '=', workspace!.id)
    .execute();
  expect(entries).toEqual([
    { action: 'workspace.create', actor_user_id: userId, via: 'session', ip_prefix: '203.0.113.0/24' },
  ]);
});

test.each([
  [{ name: ' ' }, 'id="name-error">Give a name of 1 to 100 characters.'],
  [{ currency: 'XXX' }, 'id="currency-error">&quot;XXX&quot; is not the code of a currency'],
  [{ timezone: 'Europe/Nowhere' }, 'id="timezone-error">Give a time zone by its name'],
])('%j is refused beside its field, what was typed stays, and nothing is made', async (wrong, message) => {
  const { visitor, userId } = await newcomer();
  const refused = await visitor.post('/workspaces', { ...wish, ...wrong }, from(anAddress()));
  expect(refused.status).toBe(422);
  for (const part of [
    message,
    'id="new-workspace" open',
    ...('name' in wrong ? [] : ['value="Studio Lind"']),
  ])
    expect(refused.text).toContain(part);
  expect(await ownedBy(userId)).toEqual([]);
});

test('the sixty-first from a network within an hour waits, be they accounts or workspaces', async () => {
  const { visitor, userId } = await newcomer();
  const address = anAddress();
  for (let count = 0; count < 60; count += 1) await takeSignUp(house.database, address);
  const refused = await visitor.post('/workspaces', wish, from(address));
  expect([refused.status, refused.text.includes('Too many attempts from this network.')]).toEqual([
    429,
    true,
  ]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3000);
  expect(await ownedBy(userId)).toEqual([]);
});

test('a stranger signs in first', async () => {
  const { status, location } = await visit(url).post('/workspaces', wish, from(anAddress()));
  expect([status, location]).toEqual([303, '/login']);
});

test('a second workspace of the same name is another workspace', async () => {
  const { mara } = await makeWorkspace(house);
  const visitor = visit(url);
  await visitor.post('/login', { email: mara.email, password }, from(anAddress()));
  for (const _ of [1, 2])
    expect((await visitor.post('/workspaces', wish, from(anAddress()))).status).toBe(303);
  expect((await ownedBy(mara.userId)).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Studio Lind', 'Studio Lind']),
  );
  expect(await ownedBy(mara.userId)).toHaveLength(3);
});
