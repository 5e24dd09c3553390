import { hash, verify } from '@node-rs/argon2';
import { refusal } from '#values/refusal.ts';

/** argon2id at OWASP's figures; the library's Algorithm.Argon2id is 2, a const enum that type stripping cannot read. */
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const mostAtOnce = 4;

export const passwordUnfit = refusal<{ reason: string }>(
  'password_unfit',
  'invalid',
  'The password does not keep the rules: 10 to 200 characters, nothing easily guessed.',
  ({ reason }) => reason,
);
export const tooBusy = refusal<{ retry_after_ms: number }>(
  'too_busy',
  'unavailable',
  'Too many people are signing in at this moment; try again in a few seconds.',
  () => 'Too many people are signing in at this moment. Please try again in a few seconds.',
);

let running = 0;
/** At most four at once, for each takes 19 MiB and a core: a flood is answered 503 instead of taking the house down. */
const withPermit = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  if (running >= mostAtOnce) throw tooBusy({ retry_after_ms: 2_000 });
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
  }
};

// The same letters typed on another keyboard must give the same password (NIST SP 800-63B section 3.1.1.2).
const normal = (password: string): string => password.normalize('NFKC');

/** The hash to store. Throws `too_busy`. */
export const hashPassword = (password: string): Promise<string> =>
  withPermit(() => hash(normal(password), cost));

let dummy: Promise<string> | undefined;

/** Whether the password is right. For an unknown user give null: it takes as long, and is false. Throws `too_busy`. */
export const verifyPassword = (stored: string | null, password: string): Promise<boolean> =>
  withPermit(async () => {
    dummy ??= hash('nobody has this password', cost);
    const right = await verify(stored ?? (await dummy), normal(password));
    return right && stored !== null;
  });

const common = new Set(
  (
    'password passwort passwd parola contrasena motdepasse qwerty qwertz azerty qwertyuiop qwertzuiop asdfgh asdfghjkl zxcvbnm iloveyou welcome ' +
    'willkommen letmein changeme admin administrator secret sunshine princess football baseball superman batman dragon monkey ' +
    'master hello helloworld whatever trustno starwars pokemon computer internet mustang shadow michael jordan charlie ' +
    'summer winter spring autumn january december monday friday company test testtest default login guest user root abc abcd abcdef abcdefgh stint'
  ).split(' '),
);
const lookalikes: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
const undisguised = (text: string): string =>
  text.replace(/[013457@$!]/g, (sign) => lookalikes[sign] ?? sign);

/** What is left of a password when the usual decoration around a word is taken off. */
const coreOf = (text: string): string => text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');

const isRun = (text: string): boolean =>
  text.length > 0 && '01234567890123456789 abcdefghijklmnopqrstuvwxyz 98765432109876543210'.includes(text);

/**
 * Refuses a password that is too short, too long, or among the first guesses: a common word with decoration, one's own name or
 * address, a run or a repetition. No rules about kinds of characters (NIST SP 800-63B section 3.1.1.2).
 */
export const checkPassword = (password: string, person: { email: string; name: string }): void => {
  const unfit = (reason: string) => passwordUnfit({ reason }, 'password');
  const length = Array.from(normal(password)).length;
  if (length < 10) throw unfit('The password needs at least 10 characters. Three or four words are good.');
  if (length > 200) throw unfit('The password can have at most 200 characters.');
  const lower = normal(password).toLowerCase();
  const cores = [coreOf(lower), coreOf(undisguised(lower)), undisguised(coreOf(lower))];
  const guessed =
    'This password is among the first that would be guessed. Choose another: three or four words are good.';
  if (cores.some((core) => common.has(core)) || isRun(lower) || new Set(lower).size < 5) throw unfit(guessed);
  const half = lower.slice(0, lower.length / 2);
  if (half + half === lower && common.has(half)) throw unfit(guessed);
  const own = [person.email, ...person.email.split(/[@.+]/), ...person.name.toLowerCase().split(/\s+/)];
  if (own.some((word) => word.length >= 4 && cores.includes(word)) || lower === person.name.toLowerCase()) {
    throw unfit('The password must not be made of your name or e-mail address.');
  }
};
