import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { connectionFor, makeWorkspace, password, refusalOf } from '#testing/people.ts';
import { changePassword, setDisabled, signIn, signUp } from './accounts.ts';
import { authenticate } from './authenticate.ts';
import { operator } from './author.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import { endAllSessions, endSession, sessionOf, startSession } from './sessions.ts';

const someone = () => `someone-${randomBytes(6).toString('hex')}@example.com`;
/** An address of a network that no other test uses. */
const network = () => `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::`;
const facts = { ipPrefix: '203.0.113.0/24', userAgent: 'test' };

describe('signing up', () => {
  test('makes an account with its own workspace on the business plan, and the address is kept in lower case', async () => {
    const house = await openTestHouse();
    const email = someone();
    const made = await signUp(house, {
      email: ` ${email.toUpperCase()} `,
      name: 'Mara Lind',
      password,
      timezone: 'Europe/Berlin',
    });
    if (!made.created) throw new Error('not created');
    const user = await house.database.identity
      .selectFrom('users')
      .selectAll()
      .where('id', '=', made.userId)
      .executeTakeFirstOrThrow();
    expect(user.email).toBe(email);
    expect(user.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const workspace = await house.database.identity
      .selectFrom('workspaces')
      .selectAll()
      .where('id', '=', made.workspaceId)
      .executeTakeFirstOrThrow();
    expect(workspace).toMatchObject({
      name: 'Mara Lind’s workspace',
      plan: 'business',
      timezone: 'Europe/Berlin',
    });
    const log = await house.database.identity
      .selectFrom('audit_logs')
      .select(['action', 'via', 'actor_user_id'])
      .where('workspace_id', '=', made.workspaceId)
      .execute();
    expect(log).toEqual([{ action: 'workspace.create', via: 'session', actor_user_id: made.userId }]);
  });

  test('with an address that is taken changes nothing, not even the password', async () => {
    const house = await openTestHouse();
    const email = someone();
    await signUp(house, { email, name: 'Mara', password });
    expect(
      await signUp(house, { email: email.toUpperCase(), name: 'Mallory', password: 'another long password' }),
    ).toEqual({ created: false });
    expect(await signIn(house, { email, password, ip: network() })).toHaveProperty('userId');
    expect(
      (await refusalOf(signIn(house, { email, password: 'another long password', ip: network() }))).code,
    ).toBe('sign_in_failed');
  });

  test('two people of the same name get workspaces of different slugs', async () => {
    const house = await openTestHouse();
    const name = `Twin ${randomBytes(4).toString('hex')}`;
    const slugs = [];
    for (const email of [someone(), someone(), someone()]) {
      const made = await signUp(house, { email, name, password });
      slugs.push(made.created ? made.slug : null);
    }
    expect(new Set(slugs).size).toBe(3);
  });

  test('people of the same name who sign up at the same moment all get a workspace', async () => {
    const house = await openTestHouse();
    const name = `Twin ${randomBytes(4).toString('hex')}`;
    const made = await Promise.all(
      [1, 2, 3, 4].map(() => signUp(house, { email: someone(), name, password })),
    );
    const slugs = made.map((each) => (each.created ? each.slug : null));
    expect(new Set(slugs).size).toBe(4);
  });

  test('a name of a hundred characters, whatever they are, is a name; its workspace is called by its beginning', async () => {
    const house = await openTestHouse();
    const made = await signUp(house, { email: someone(), name: '🦊'.repeat(100), password });
    if (!made.created) throw new Error('not created');
    const { name } = await house.database.identity
      .selectFrom('workspaces')
      .select('name')
      .where('id', '=', made.workspaceId)
      .executeTakeFirstOrThrow();
    expect(name).toBe(`${'🦊'.repeat(88)}’s workspace`);
  });

  test.each([
    ['email', { email: 'nobody' }],
    ['email', { email: 'a b@example.com' }],
    ['name', { name: ' \u202e ' }],
    ['timezone', { timezone: 'Middle/Earth' }],
    ['timezone', { timezone: '+02:00' }],
  ])('a wrong %s is refused by its name', async (field, change) => {
    const house = await openTestHouse();
    const refused = await refusalOf(signUp(house, { email: someone(), name: 'Mara', password, ...change }));
    expect(refused).toMatchObject({ code: 'validation_failed', field });
  });
});

describe('passwords', () => {
  const mara = { email: 'mara.lind@example.com', name: 'Mara Lind' };
  test.each([
    'short1234',
    'password123!',
    'P@ssw0rd2026',
    '12345678901',
    'aaaaaaaaaaaa',
    'abcdefghijkl',
    'qwertyuiop',
    'Welcome2026!',
    'mara.lind@example.com',
    'Mara Lind',
    'x'.repeat(201),
  ])('%s is refused', (unfit) => {
    expect(() => checkPassword(unfit, mara)).toThrow();
  });
  test.each([
    'correct horse battery staple',
    'žluťoučký kůň',
    'V9$kq!2mZx',
    '10 Uhr Zahnarzt',
    '密码是一个很长的句子啊',
  ])('%s is accepted', (fit) => {
    expect(() => checkPassword(fit, mara)).not.toThrow();
  });

  test('at most four are hashed at once; the fifth is told to come back', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => hashPassword(password)));
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(outcomes[4]).toMatchObject({ reason: { code: 'too_busy', kind: 'unavailable' } });
  });

  test('the same letters from another keyboard are the same password', async () => {
    const house = await openTestHouse();
    const email = someone();
    await signUp(house, { email, name: 'Zoë', password: 'Zoë trinkt Kaffee'.normalize('NFC') });
    await signIn(house, { email, password: 'Zoë trinkt Kaffee'.normalize('NFD'), ip: network() });
  });

  test('a change needs the current one, ends the other sessions and keeps this one', async () => {
    const house = await openTestHouse();
    const email = someone();
    const made = await signUp(house, { email, name: 'Mara', password });
    if (!made.created) throw new Error('not created');
    const { userId } = made;
    const [here, there] = [
      await startSession(house.database, userId, facts, house.clock()),
      await startSession(house.database, userId, facts, house.clock()),
    ];
    const session = (await sessionOf(house.database, here, house.clock()))!.hash;
    const change = { userId, session, next: 'a new sentence to remember', ip: network() };
    expect((await refusalOf(changePassword(house, { ...change, current: 'guess guess guess' }))).code).toBe(
      'current_password_wrong',
    );
    await changePassword(house, { ...change, current: password });
    expect(await sessionOf(house.database, here, house.clock())).not.toBeNull();
    expect(await sessionOf(house.database, there, house.clock())).toBeNull();
    await signIn(house, { email, password: change.next, ip: network() });
  });
});

describe('signing in', () => {
  test('the eleventh bad password of an account within 15 minutes is refused unread, known account or not, from any network', async () => {
    const house = await openTestHouse();
    const { mara } = await makeWorkspace(house);
    for (const email of [mara.email, someone()]) {
      const codes = [];
      for (let attempt = 1; attempt <= 11; attempt += 1) {
        codes.push(
          (await refusalOf(signIn(house, { email, password: 'wrong wrong wrong', ip: network() }))).code,
        );
      }
      expect(codes).toEqual([...Array<string>(10).fill('sign_in_failed'), 'too_many_attempts']);
    }
    const late = await refusalOf(signIn(house, { email: mara.email, password, ip: network() }));
    expect(late).toMatchObject({ code: 'too_many_attempts', kind: 'limited' });
    expect(late.retryAfterMs).toBeGreaterThan(14 * 60_000);
  });

  test('ten bad passwords for unknown accounts do not shut out who signs in from the same address', async () => {
    const house = await openTestHouse();
    const { mara } = await makeWorkspace(house);
    const ip = network();
    for (let attempt = 1; attempt <= 10; attempt += 1)
      await refusalOf(signIn(house, { email: someone(), password: 'wrong wrong wrong', ip }));
    await signIn(house, { email: mara.email, password, ip });
  });

  test('good passwords do not count', async () => {
    const house = await openTestHouse();
    const { mara } = await makeWorkspace(house);
    const ip = network();
    for (let attempt = 1; attempt <= 12; attempt += 1)
      await signIn(house, { email: mara.email, password, ip });
  });

  test('a disabled account is told so only with the right password, and works again when enabled', async () => {
    const house = await openTestHouse();
    const { mara } = await makeWorkspace(house);
    const secret = await startSession(house.database, mara.userId, facts, house.clock());
    await setDisabled(house, mara.email, true, operator);
    expect((await refusalOf(signIn(house, { email: mara.email, password, ip: network() }))).code).toBe(
      'account_disabled',
    );
    expect(
      (await refusalOf(signIn(house, { email: mara.email, password: 'wrong wrong wrong', ip: network() })))
        .code,
    ).toBe('sign_in_failed');
    expect(await sessionOf(house.database, secret, house.clock())).toBeNull();
    await setDisabled(house, mara.email, false, operator);
    expect(await sessionOf(house.database, secret, house.clock())).toMatchObject({ userId: mara.userId });
    await signIn(house, { email: mara.email, password, ip: network() });
  });
});

describe('sessions', () => {
  test('end after 12 hours without use, and 30 days after sign-in whatever the use', async () => {
    const house = await openTestHouse();
    const { mara } = await makeWorkspace(house);
    const start = Temporal.Instant.from('2026-10-01T08:00:00Z');
    const secret = await startSession(house.database, mara.userId, facts, start);
    const at = (hours: number) => sessionOf(house.database, secret, start.add({ hours }));
    expect(await at(11)).not.toBeNull();
    expect(await at(22)).not.toBeNull();
    expect(await at(35)).toBeNull();
    const busy = await startSession(house.database, mara.userId, facts, start);
    for (let hours = 0; hours < 720; hours += 11) {
      expect(await sessionOf(house.database, busy, start.add({ hours }))).not.toBeNull();
    }
    expect(await sessionOf(house.database, busy, start.add({ hours: 720 }))).toBeNull();
  });

  test('a session that ended is nobody’s, and neither is a text that only looks like one', async () => {
    const house = await openTestHouse();
    const { mara } = await makeWorkspace(house);
    const secret = await startSession(house.database, mara.userId, facts, house.clock());
    await endSession(house.database, secret);
    expect(await sessionOf(house.database, secret, house.clock())).toBeNull();
    expect(await sessionOf(house.database, "' or 1=1 --", house.clock())).toBeNull();
  });

  test('signing out everywhere ends every session and disconnects every app, and says so in the audit log', async () => {
    const house = await openTestHouse();
    const { mara, ada } = await makeWorkspace(house);
    const secrets = [
      await startSession(house.database, mara.userId, facts, house.clock()),
      await startSession(house.database, mara.userId, facts, house.clock()),
    ];
    const mine = await connectionFor(house, mara);
    const hers = await connectionFor(house, ada);
    await endAllSessions(house.database, mara.userId, house.clock());
    for (const secret of secrets) expect(await sessionOf(house.database, secret, house.clock())).toBeNull();
    expect(await authenticate(house, mine.accessToken, 'mcp')).toMatchObject({ kind: 'invalid' });
    expect(await authenticate(house, hers.accessToken, 'mcp')).toMatchObject({ kind: 'actor' });
    const log = await house.database.identity
      .selectFrom('audit_logs')
      .select(['action', 'after'])
      .where('workspace_id', '=', mara.workspaceId)
      .execute();
    expect(log).toEqual([{ action: 'account.sign_out_everywhere', after: { disconnected: [mine.grantId] } }]);
  });
});

test('nothing that identity stores contains a secret in the clear', async () => {
  const house = await openTestHouse();
  const { mara } = await makeWorkspace(house);
  const secret = await startSession(house.database, mara.userId, facts, house.clock());
  const { rows } = await sql<{ found: string }>`
    select s::text as found from sessions s union all select t::text from api_tokens t union all select u::text from users u`.execute(
    house.database.identity,
  );
  expect(rows.length).toBeGreaterThan(4);
  const all = rows.map(({ found }) => found).join();
  expect(all).not.toContain(secret);
  expect(all).not.toMatch(/stint_[a-z]{2,3}_/);
});
