import { beforeAll, expect, test } from 'vitest';
import { version } from '#config.ts';
import { authenticate } from '#identity/authenticate.ts';
import { openTestHouse, type TestHouse } from '#testing/house.ts';
import { makeWorkspace, type TestWorkspace } from '#testing/people.ts';
import { commandLine } from './command-line.ts';

let house: TestHouse;
let work: TestWorkspace;
beforeAll(async () => {
  house = await openTestHouse();
  work = await makeWorkspace(house);
});

const stint = (words: string, stdin?: string) =>
  commandLine(house, {
    argv: words.split(' ').map((word) => word.replaceAll('+', ' ')),
    ...(stdin === undefined ? {} : { stdin }),
  });
const stintJson = async (words: string) => {
  const { stdout, stderr, exitCode } = await stint(`${words} --json`);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return JSON.parse(stdout);
};
const there = () => `--workspace ${work.slug}`;
const address = () => `person-${crypto.randomUUID()}@example.com`;

test('makes an account with a workspace, and prints the password once', async () => {
  const email = address();
  const made = await stint(`user create ${email} --name Pia+Pauli --timezone Europe/Berlin`);
  expect(made.exitCode).toBe(0);
  expect(made.stdout).toMatch(/^Password: [a-z0-9-]{29}$/m);
  const again = await stint(`user create ${email} --name Pia`);
  expect([again.exitCode, again.stdout]).toEqual([1, '']);
  expect(again.stderr).toContain('There is an account with the address');
  expect((await stint('user list')).stdout).toContain(email);
});

test('takes a password from standard input and never prints it', async () => {
  const email = address();
  const made = await stint(
    `user create ${email} --name Pia --password-stdin`,
    'a long enough pass phrase 42\n',
  );
  expect(made.exitCode).toBe(0);
  expect(made.stdout).not.toContain('phrase');
  const empty = await stint(`user set-password ${email} --password-stdin`, '');
  expect([empty.exitCode, empty.stderr]).toEqual([
    2,
    '--password-stdin reads the password from standard input, and there was none.\n',
  ]);
  expect((await stint(`user set-password ${email}`)).stdout).toContain('Password: ');
});

test('prints an API token alone, which works at once and stops when revoked', async () => {
  const { stdout, exitCode } = await stint(
    `token create --email ${work.teo.email} ${there()} --scopes time:read,time:write`,
  );
  expect(exitCode).toBe(0);
  const token = stdout.trim();
  expect(token).toMatch(/^stint_pat_[\w-]{43}$/);
  const known = await authenticate(house, token, 'mcp');
  expect(known.kind === 'actor' && [...known.actor.via.scopes].sort()).toEqual([
    'mcp',
    'time:read',
    'time:write',
  ]);
  const [listed] = await stintJson(`token list --email ${work.teo.email}`);
  expect(listed.last4).toBe(token.slice(-4));
  expect(JSON.stringify(listed)).not.toContain(token);
  await stintJson(`token revoke ${listed.id}`);
  expect((await authenticate(house, token, 'mcp')).kind).toBe('invalid');
});

test.each([
  ['workspace create  --owner MARA', 'Give a name of 1 to 100 characters.'],
  ['workspace create Acme --owner MARA --slug Acme+Ltd', 'A slug is 1 to 48 small letters'],
  ['workspace create Acme --owner MARA --timezone Mars/Phobos', 'Give a time zone by its name'],
  ['workspace create Acme --owner MARA --currency XYZ', '"XYZ" is not the code of a currency'],
  ['token create --email MARA --workspace SLUG --scopes time:read --name +', 'Give a name of 1 to 100'],
])('what cannot be kept is refused in words, and nothing is made: %s', async (words, sentence) => {
  const logged = house.logged.length;
  const refused = await stint(words.replace('MARA', work.mara.email).replace('SLUG', work.slug));
  expect([refused.exitCode, refused.stdout]).toEqual([2, '']);
  expect(refused.stderr).toContain(sentence);
  expect(house.logged.length).toBe(logged);
});

test('two workspaces never have the same slug', async () => {
  const refused = await stint(`workspace create Acme --owner ${work.mara.email} --slug ${work.slug}`);
  expect([refused.exitCode, refused.stderr]).toEqual([
    1,
    `There is a workspace "${work.slug}" already. Give another slug, or none.\n`,
  ]);
});

test('a token cannot have a write scope without its read scope, nor one that does not exist', async () => {
  const create = `token create --email ${work.teo.email} ${there()} --scopes`;
  const alone = await stint(`${create} time:write`);
  expect([alone.exitCode, alone.stderr]).toEqual([
    2,
    'time:write can only be given together with time:read.\n',
  ]);
  expect((await stint(`${create} tokens:read`)).exitCode).toBe(2);
  expect((await stint(`${create} time:read --expires soon`)).exitCode).toBe(2);
});

test.each([
  ['workspace plan SLUG free', 'workspace plan SLUG business', 'public_api_access_required'],
  [
    'workspace entitlement SLUG public_api_access off',
    'workspace entitlement SLUG public_api_access default',
    'public_api_access_required',
  ],
  ['workspace status SLUG suspended', 'workspace status SLUG active', 'workspace_inactive'],
  ['workspace feature SLUG mcp off', 'workspace feature SLUG mcp on', 'mcp_disabled'],
  [
    'member deactivate EMAIL --workspace SLUG',
    'member reactivate EMAIL --workspace SLUG',
    'membership_inactive',
  ],
  ['user disable EMAIL', 'user enable EMAIL', 'account_disabled'],
])('%s stops access on the next request, and %s undoes it', async (stop, undo, code) => {
  const here = await makeWorkspace(house);
  const fill = (words: string) => words.replace('SLUG', here.slug).replace('EMAIL', here.teo.email);
  const { stdout } = await stint(
    `token create --email ${here.teo.email} --workspace ${here.slug} --scopes time:read`,
  );
  const state = async () => {
    const known = await authenticate(house, stdout.trim(), 'mcp');
    return known.kind === 'stopped' ? known.refusal.code : known.kind;
  };
  expect(await state()).toBe('actor');
  expect((await stint(fill(stop))).exitCode).toBe(0);
  expect(await state()).toBe(code);
  expect((await stint(fill(undo))).exitCode).toBe(0);
  expect(await state()).toBe('actor');
  expect((await stint(`audit verify --workspace ${here.slug}`)).exitCode).toBe(0);
});

test('billing states decide whether changes are allowed', async () => {
  const here = await makeWorkspace(house);
  await stintJson(`workspace billing ${here.slug} read_only`);
  const as = `--email ${here.noor.email} --workspace ${here.slug}`;
  const refused = await stint(`call tags.create --name x ${as}`);
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('read-only')]);
  expect((await stintJson(`call tags.list ${as}`)).data).toEqual([]);
});

test('a new owner takes the place of the old one', async () => {
  const here = await makeWorkspace(house);
  await stintJson(`member role ${here.noor.email} owner --workspace ${here.slug}`);
  const members = await stintJson(`member list --workspace ${here.slug}`);
  const roles = Object.fromEntries(
    members.map(({ email, role }: { email: string; role: string }) => [email, role]),
  );
  expect([roles[here.noor.email], roles[here.mara.email]]).toEqual(['owner', 'admin']);
  const stays = await stint(`member role ${here.noor.email} member --workspace ${here.slug}`);
  expect([stays.exitCode, stays.stderr]).toEqual([1, expect.stringContaining('owner')]);
});

test('whose account becomes a member is said, for addresses are not verified', async () => {
  const email = address();
  await stint(`user create ${email} --name Pia+Pauli --no-own-workspace`);
  const here = await makeWorkspace(house);
  const { stdout } = await stint(`member add ${email} --workspace ${here.slug}`);
  const today = house.clock().toString().slice(0, 10);
  expect(stdout).toContain(`The account is called "Pia Pauli" and was made on ${today}`);
});

test('calls any operation as a member, by JSON or by flags read by the schema', async () => {
  const as = `--email ${work.noor.email} ${there()}`;
  const made = await stintJson(`call tags.create {"name":"By+JSON","color":4} ${as}`);
  expect(made.tag).toMatchObject({ name: 'By JSON', color: 4 });
  const flags = await stintJson(`call tags.create --name By+flags --color 5 ${as}`);
  expect(flags.tag).toMatchObject({ name: 'By flags', color: 5 });
  const piped = await stint(`call tags.create - ${as}`, '{"name":"Piped"}');
  expect(JSON.parse(piped.stdout).tag.name).toBe('Piped');
  const listed = await stintJson(`call tags.list --q by --archived --limit 1 ${as}`);
  expect(listed.meta).toMatchObject({ returned: 1, has_more: true });
  const wrong = await stint(`call tags.create --colour 5 ${as}`);
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('"colour"')]);
});

test('says of an operation what it takes', async () => {
  const help = await stint('call clients.create --help');
  expect([help.exitCode, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toContain('clients.create: Add a client');
  expect(help.stdout).toMatch(/^ {2}--name \(string, 1 to 200 characters, required\): /m);
  expect(help.stdout).toMatch(/^ {2}email, in JSON only \(/m);
  expect(help.stdout).toMatch(/^ {6}city \(/m);
  expect((await stint('call --help')).stdout).toContain('`stint operations` lists the operations');
  expect((await stint('call nothing.at_all --help')).exitCode).toBe(0);
});

test('asks for --yes before it deletes', async () => {
  const as = `--email ${work.noor.email} ${there()}`;
  const { tag } = await stintJson(`call tags.create --name Doomed ${as}`);
  const asked = await stint(`call tags.delete --id ${tag.id} ${as}`);
  expect([asked.exitCode, asked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
  expect((await stintJson(`call tags.delete --id ${tag.id} --dry-run ${as}`)).meta.dry_run).toBe(true);
  expect((await stintJson(`call tags.delete --id ${tag.id} --yes ${as}`)).deleted).toBe(tag.id);
  expect((await stint(`call tags.delete --id ${tag.id} --yes ${as}`)).exitCode).toBe(4);
});

test('finds an audit log that was tampered with', async () => {
  const here = await makeWorkspace(house);
  for (const plan of ['team', 'business', 'team']) await stintJson(`workspace plan ${here.slug} ${plan}`);
  expect(await stintJson(`audit verify --workspace ${here.slug}`)).toMatchObject({
    intact: true,
    entries: 3,
  });
  await house.database.identity
    .deleteFrom('audit_logs')
    .where('workspace_id', '=', here.id)
    .where('seq', '=', 3n as never)
    .execute();
  const found = await stint(`audit verify --workspace ${here.slug}`);
  expect([found.exitCode, found.stdout]).toEqual([5, expect.stringContaining('from entry 3')]);
});

test('exit codes tell a mistake, a refusal and a thing that does not exist apart', async () => {
  expect((await stint('workspace plan nowhere team')).exitCode).toBe(4);
  expect((await stint(`member list --workspace nowhere`)).stderr).toBe(
    'There is no workspace "nowhere". Give its slug or its id.\n',
  );
  expect((await stint(`workspace plan ${work.slug} platinum`)).exitCode).toBe(2);
  expect((await stint('workspace plan')).exitCode).toBe(2);
  expect((await stint('wrokspace list')).stderr).toContain('workspace');
  const json = await stint('workspace plan nowhere team --json');
  expect(JSON.parse(json.stderr).error.code).toBe('no_such_workspace');
  const help = await stint('--help');
  expect([help.exitCode, help.stderr]).toEqual([0, '']);
});

test.each([
  ['', 'Name a command; stint --help lists them.'],
  ['wrokspace list', "Unknown command 'wrokspace' (Did you mean workspace?)"],
  ['user disable', "Missing required argument 'email'."],
  ['workspace plan x platinum', "Command-argument value 'platinum' is invalid for argument 'plan'."],
  ['user list --colour', "Unknown option '--colour'."],
  ['call nothing.at_all --email a --workspace b', 'There is no operation "nothing.at_all".'],
])('a mistake is said in JSON as well: %s', async (words, sentence) => {
  const { stdout, stderr, exitCode } = await stint(`${words} --json`.trim());
  expect([exitCode, stdout]).toEqual([2, '']);
  const { error } = JSON.parse(stderr);
  expect(error.code).toBe('usage');
  expect(error.message).toContain(sentence);
});

test('says its release', async () => {
  expect(await stint('--version')).toEqual({ stdout: `${version}\n`, stderr: '', exitCode: 0 });
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
