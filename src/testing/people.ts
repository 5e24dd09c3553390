import { randomBytes } from 'node:crypto';
import { loadActor } from '#identity/actor.ts';
import { hashSecret, newSecret, secretPrefixes } from '#identity/secrets.ts';
import type { Actor, Role, Via } from '#operation/actor.ts';
import { type Answer, type House, run } from '#operation/run.ts';
import { type Scope, scopeNames } from '#operation/scopes.ts';
import { type Id, newId } from '#values/id.ts';
import { Refusal } from '#values/refusal.ts';

/** The password of everybody in the tests, and its argon2id hash (made once: hashing is slow on purpose). */
export const password = 'correct horse battery staple';
const passwordHash =
  '$argon2id$v=19$m=19456,t=2,p=1$mL6bcqhP99VJf28DtwgWFA$Cje+iNJZtI1s6JN0aNqtnDqtEhLke1h490rAC6ACJCc';

/** Somebody with a role in a workspace. */
export interface Person {
  readonly userId: Id<'usr'>;
  readonly membershipId: Id<'mem'>;
  readonly workspaceId: Id<'wsp'>;
  readonly email: string;
  readonly role: Role;
}

/** How somebody acts in a test: in the web app with everything, unless said otherwise. */
export interface Acting {
  scopes?: readonly Scope[];
  via?: Partial<Via>;
}

/** A fresh workspace with one person of each role. */
export interface TestWorkspace {
  readonly id: Id<'wsp'>;
  readonly slug: string;
  readonly mara: Person;
  readonly ada: Person;
  readonly noor: Person;
  readonly teo: Person;
  readonly vera: Person;
}

const cast = { mara: 'owner', ada: 'admin', noor: 'manager', teo: 'member', vera: 'viewer' } as const;

/** Makes a workspace: Mara owns it, Ada is admin, Noor manager, Teo member, Vera viewer; all in `timezone`. */
export const makeWorkspace = async (
  house: House,
  options: {
    currency?: string;
    timezone?: string;
    plan?: 'free' | 'solo_pro' | 'team' | 'business';
    settings?: object;
  } = {},
): Promise<TestWorkspace> => {
  const now = house.clock();
  const tail = randomBytes(6).toString('hex');
  const id = newId('wsp', now);
  const { currency = 'EUR', timezone = 'Europe/Berlin', plan = 'business', settings = {} } = options;
  const people = Object.entries(cast).map(([name, role]): [string, Person] => [
    name,
    {
      userId: newId('usr', now),
      membershipId: newId('mem', now),
      workspaceId: id,
      email: `${name}-${tail}@example.com`,
      role,
    },
  ]);
  await house.database.aboveWorkspaces(now, async (tx) => {
    await tx
      .insertInto('workspaces')
      .values({
        id,
        slug: `w-${tail}`,
        name: `Workspace ${tail}`,
        currency,
        timezone,
        plan,
        settings: JSON.stringify(settings),
      })
      .execute();
    await tx
      .insertInto('users')
      .values(
        people.map(([name, { userId, email }]) => ({
          id: userId,
          email,
          name: `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
          password_hash: passwordHash,
          timezone,
        })),
      )
      .execute();
    await tx
      .insertInto('memberships')
      .values(
        people.map(([, { membershipId, userId, role }]) => ({
          id: membershipId,
          workspace_id: id,
          user_id: userId,
          role,
        })),
      )
      .execute();
  });
  return { id, slug: `w-${tail}`, ...(Object.fromEntries(people) as Record<keyof typeof cast, Person>) };
};

/** The actor that a person is when acting so. */
export const actorOf = (
  house: House,
  person: Person,
  { scopes = scopeNames, via = {} }: Acting = {},
): Promise<Actor> =>
  loadActor(house.database.identity, {
    userId: person.userId,
    workspaceId: person.workspaceId,
    via: {
      kind: 'session',
      id: null,
      name: null,
      resource: 'app',
      scopes: new Set(scopes),
      coarse: null,
      ...via,
    },
  });

/** Calls an operation as a person, on the path that every door takes. Rejects with a Refusal. */
export const call = async <Shape = Answer>(
  house: House,
  person: Person,
  name: string,
  input: object = {},
  acting: Acting = {},
): Promise<Shape> => {
  const found = house.operations.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no operation is called ${name}`);
  const facts = { id: 'test-request', source: 'web', ipPrefix: null } as const;
  return (await run(house, await actorOf(house, person, acting), found, input, facts)) as Shape;
};

/** The refusal that a promise rejects with; anything else fails the test. */
export const refusalOf = async (promise: Promise<unknown>): Promise<Refusal> => {
  const outcome: unknown = await promise.then(
    (value) => new Error(`not refused, but answered ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof Refusal) return outcome;
  throw outcome;
};

/** An API token of a person, in the clear. */
export const tokenFor = async (
  house: House,
  person: Person,
  scopes: readonly Scope[] = scopeNames,
  resource: 'mcp' | 'api' = 'mcp',
): Promise<string> => {
  const now = house.clock();
  const secret = newSecret(secretPrefixes.apiToken);
  await house.database.identity
    .insertInto('api_tokens')
    .values({
      id: newId('tok', now),
      hash: hashSecret(secret),
      last4: secret.slice(-4),
      workspace_id: person.workspaceId,
      user_id: person.userId,
      name: 'test token',
      resource,
      scopes: [...scopes],
      created_at: now,
    })
    .execute();
  return secret;
};

/** An OAuth connection of a person with an access token good for an hour, without the flow. */
export const connectionFor = async (
  house: House,
  person: Person,
  scopes: readonly Scope[] = scopeNames,
  options: { resource?: 'mcp' | 'api'; clientName?: string } = {},
): Promise<{ accessToken: string; grantId: Id<'con'> }> => {
  const now = house.clock();
  const { resource = 'mcp', clientName = 'Test client' } = options;
  const grantId = newId('con', now);
  const clientId = `test-${randomBytes(6).toString('hex')}`;
  const accessToken = newSecret(secretPrefixes.access);
  const { identity } = house.database;
  await identity
    .insertInto('oauth_clients')
    .values({
      id: clientId,
      kind: 'dcr',
      name: clientName,
      redirect_uris: ['http://localhost/callback'],
      metadata: JSON.stringify({}),
      created_at: now,
    })
    .execute();
  await identity
    .insertInto('oauth_grants')
    .values({
      id: grantId,
      workspace_id: person.workspaceId,
      user_id: person.userId,
      client_id: clientId,
      client_name: clientName,
      redirect_host: 'localhost',
      resource,
      scopes: [...scopes],
      chain_key: randomBytes(32),
      created_at: now,
      expires_at: now.add({ hours: 24 * 365 }),
    })
    .execute();
  await identity
    .insertInto('oauth_access_tokens')
    .values({ hash: hashSecret(accessToken), grant_id: grantId, expires_at: now.add({ hours: 1 }) })
    .execute();
  return { accessToken, grantId };
};
