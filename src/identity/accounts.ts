import { type Id, newId } from '#values/id.ts';
import { networkOf } from '#values/network.ts';
import { refusal } from '#values/refusal.ts';
import { auditEverywhere, type Author, type IdentityHouse } from './author.ts';
import { findUser } from './members.ts';
import { checkPassword, hashPassword, verifyPassword } from './passwords.ts';
import { addressKey, readEmail, readName, readTimezone } from './read-fields.ts';
import { endOtherSessions } from './sessions.ts';
import { accountDisabled } from './stops.ts';
import { takeAttempt, takeSignUp } from './throttle.ts';
import { insertWorkspace } from './workspaces.ts';

export const signInFailed = refusal(
  'sign_in_failed',
  'denied',
  'No account has this address with this password.',
  () => 'The e-mail address or the password is not right.',
);
export const currentPasswordWrong = refusal(
  'current_password_wrong',
  'denied',
  'The current password given with a new one is not right.',
  () => 'The current password is not right.',
);

export const accountExists = refusal<{ email: string }>(
  'account_exists',
  'conflict',
  'The operator made an account for an address that has one.',
  ({ email }) => `There is an account with the address "${email}" already.`,
);

/** What a new account is made of. `ip` is given where a stranger asks, and then counted. */
export interface SignUp {
  email: string;
  name: string;
  password: string;
  timezone?: string;
  currency?: string;
  weekStart?: 0 | 1 | 6;
  ip?: string;
}
export type SignedUp =
  | {
      readonly created: true;
      readonly userId: Id<'usr'>;
      readonly workspaceId: Id<'wsp'>;
      readonly slug: string;
    }
  | { readonly created: false };

/**
 * Makes an account with a workspace of its own. An address that has an account already gives `created: false` and changes nothing; a
 * stranger must be answered the same in both cases, and is made to wait the same: the password is hashed either way.
 * Throws `validation_failed`, `password_unfit`, `too_many_attempts`, `too_busy`.
 */
export const signUp = async (house: IdentityHouse, person: SignUp, by?: Author): Promise<SignedUp> => {
  const email = readEmail(person.email);
  const name = readName(person.name);
  const timezone = readTimezone(person.timezone ?? 'UTC');
  checkPassword(person.password, { email, name });
  if (person.ip !== undefined) await takeSignUp(house.database, person.ip);
  const passwordHash = await hashPassword(person.password);
  const now = house.clock();
  return house.database.aboveWorkspaces(now, async (tx) => {
    const id = newId('usr', now);
    const made = await tx
      .insertInto('users')
      .values({ id, email, name, password_hash: passwordHash, timezone })
      .onConflict((conflict) => conflict.column('email').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (made === undefined) return { created: false };
    const { currency, weekStart } = person;
    const workspace = await insertWorkspace(
      tx,
      now,
      {
        name: `${Array.from(name).slice(0, 88).join('')}’s workspace`,
        ownerId: id,
        timezone,
        ...(currency === undefined ? {} : { currency }),
        ...(weekStart === undefined ? {} : { weekStart }),
      },
      by ?? { via: 'session', userId: id },
    );
    return { created: true, userId: id, workspaceId: workspace.id, slug: workspace.slug };
  });
};

/** Makes an account without a workspace; its person is then added to one. Throws `validation_failed`, `password_unfit`, `account_exists`. */
export const createAccount = async (
  house: IdentityHouse,
  person: { email: string; name: string; password: string; timezone?: string },
): Promise<Id<'usr'>> => {
  const email = readEmail(person.email);
  const name = readName(person.name);
  const timezone = readTimezone(person.timezone ?? 'UTC');
  checkPassword(person.password, { email, name });
  const passwordHash = await hashPassword(person.password);
  const now = house.clock();
  const made = await house.database.identity
    .insertInto('users')
    .values({ id: newId('usr', now), email, name, password_hash: passwordHash, timezone })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made === undefined) throw accountExists({ email });
  return made.id;
};

/**
 * Checks an address and a password. Unknown addresses take as long and are answered the same; only who has the right password learns
 * that an account is disabled. Throws `sign_in_failed`, `account_disabled`, `too_many_attempts`, `too_busy`.
 */
export const signIn = async (
  house: IdentityHouse,
  { email, password, ip }: { email: string; password: string; ip: string },
): Promise<{ userId: Id<'usr'> }> => {
  const address = addressKey(email).slice(0, 254);
  const attempt = await takeAttempt(house.database, address, ip);
  const user = await house.database.identity
    .selectFrom('users')
    .select(['id', 'password_hash', 'disabled_at'])
    .where('email', '=', address)
    .executeTakeFirst();
  // Longer than any password can be: spare the hash, not the time of the answer.
  const given = password.slice(0, 1_000);
  if (!(await verifyPassword(user?.password_hash ?? null, given)) || user === undefined)
    throw signInFailed({});
  await attempt.undo();
  if (user.disabled_at !== null) throw accountDisabled({});
  return { userId: user.id };
};

/**
 * Changes a password, and ends every other session of the person; noted in every workspace of theirs.
 * Throws `current_password_wrong`, `password_unfit`, `too_many_attempts`, `too_busy`.
 */
export const changePassword = async (
  house: IdentityHouse,
  change: { userId: Id<'usr'>; session: Buffer; current: string; next: string; ip: string },
): Promise<void> => {
  const { database } = house;
  const user = await database.identity
    .selectFrom('users')
    .select(['email', 'name', 'password_hash'])
    .where('id', '=', change.userId)
    .executeTakeFirstOrThrow();
  const attempt = await takeAttempt(database, user.email, change.ip);
  const right = await verifyPassword(user.password_hash, change.current.slice(0, 1_000));
  if (!right) throw currentPasswordWrong({}, 'current_password');
  await attempt.undo();
  checkPassword(change.next, user);
  const passwordHash = await hashPassword(change.next);
  const now = house.clock();
  await database.aboveWorkspaces(now, async (tx) => {
    const { userId } = change;
    await tx.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', userId).execute();
    await endOtherSessions(tx, userId, change.session);
    const by: Author = { via: 'session', userId, ipPrefix: networkOf(change.ip, 48) };
    await auditEverywhere(tx, now, userId, by, { action: 'account.password' });
  });
};

/** What a person sets about themselves. `week_start` null follows the workspace. */
export interface ProfileChange {
  name: string;
  timezone: string;
  week_start: 0 | 1 | 6 | null;
  duration_format: 'h:mm' | 'decimal' | 'text';
}

/** Changes a person's own profile; noted in every workspace of theirs. Throws `validation_failed`. */
export const updateProfile = async (
  house: IdentityHouse,
  userId: Id<'usr'>,
  { name, timezone, week_start, duration_format }: ProfileChange,
): Promise<void> => {
  const values = { name: readName(name), timezone: readTimezone(timezone), week_start, duration_format };
  const now = house.clock();
  await house.database.aboveWorkspaces(now, async (tx) => {
    const before = await tx
      .selectFrom('users')
      .select(['name', 'timezone', 'week_start', 'duration_format'])
      .where('id', '=', userId)
      .forNoKeyUpdate()
      .executeTakeFirstOrThrow();
    await tx.updateTable('users').set(values).where('id', '=', userId).execute();
    const by: Author = { via: 'session', userId };
    await auditEverywhere(tx, now, userId, by, { action: 'account.profile', before, after: values });
  });
};

/** Disables an account, or enables it again; noted in every workspace of the person. Takes effect on the next request. */
export const setDisabled = (
  house: IdentityHouse,
  email: string,
  disabled: boolean,
  by: Author,
): Promise<void> => {
  const now = house.clock();
  return house.database.aboveWorkspaces(now, async (tx) => {
    const user = await findUser(tx, email);
    await tx
      .updateTable('users')
      .set({ disabled_at: disabled ? (user.disabled_at ?? now) : null })
      .where('id', '=', user.id)
      .execute();
    await auditEverywhere(tx, now, user.id, by, {
      action: disabled ? 'account.disable' : 'account.enable',
      before: { disabled: user.disabled_at !== null },
      after: { disabled },
    });
  });
};
