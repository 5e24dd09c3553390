import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { finalize, makeInvoice } from '#testing/invoices.ts';
import { setRate } from '#testing/rates.ts';
import { log } from '#testing/time.ts';
import { invoiceSettings, logoOf } from './settings.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T12:00:00Z');

interface View {
  invoice: Record<string, unknown>;
  version: number;
  [setting: string]: unknown;
}
interface Changed {
  changes: { setting: string; before: string | null; after: string | null }[];
  version: number;
  meta?: { warnings?: string[] };
}
const get = (person: Person) => call<View>(house, person, 'settings.get');
const update = (person: Person, input: object) => call<Changed>(house, person, 'settings.update', input);
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('everything has a default', async () => {
  const { noor } = await makeWorkspace(house);
  expect(await get(noor)).toMatchObject({
    currency: 'EUR',
    timezone: 'Europe/Berlin',
    overlap_policy: 'warn',
    rounding: null,
    lock_date: null,
    invoice: {
      legal_name: expect.stringMatching(/^Workspace /),
      number_pattern: 'INV-{year}-{number:4}',
      number_reset: 'year',
      terms_days: 14,
      language: 'en',
      logo: null,
    },
    reminders: { enabled: false, days_after_due: [7, 14, 30] },
  });
});

test('a change says what differs, and what was left out stays; null goes back to the default', async () => {
  const { ada } = await makeWorkspace(house);
  const first = await update(ada, {
    timezone: 'europe/paris',
    rounding: { mode: 'up', increment_seconds: 900 },
    invoice: { iban: 'de89 3704 0044 0532 0130 00', terms_days: 30, address: { city: 'Köln' } },
    reminders: { enabled: true, days_after_due: [14, 3, 14] },
  });
  expect(first.changes).toEqual([
    { setting: 'timezone', before: 'Europe/Berlin', after: 'Europe/Paris' },
    {
      setting: 'rounding',
      before: null,
      after: '{"mode":"up","scope":"entry","increment_seconds":900}',
    },
    { setting: 'invoice.address', before: null, after: '{"city":"Köln"}' },
    { setting: 'invoice.iban', before: null, after: 'DE89370400440532013000' },
    { setting: 'invoice.terms_days', before: '14', after: '30' },
    { setting: 'reminders.enabled', before: 'false', after: 'true' },
    { setting: 'reminders.days_after_due', before: '[7,14,30]', after: '[3,14]' },
  ]);
  await update(ada, { invoice: { terms_days: null }, expected_version: first.version });
  expect(await get(ada)).toMatchObject({
    version: first.version + 1,
    invoice: { terms_days: 14, iban: 'DE89370400440532013000' },
    rounding: { mode: 'up' },
  });
  expect(
    await update(ada, { invoice: { iban: 'DE89370400440532013000' }, timezone: 'Europe/Paris' }),
  ).toMatchObject({
    changes: [],
    version: first.version + 1,
  });
  const late = await refusalOf(update(ada, { week_start: 0, expected_version: first.version }));
  expect(late.code).toBe('conflict_version');
});

test('a rehearsal says the same and changes nothing', async () => {
  const { ada } = await makeWorkspace(house);
  const told = await update(ada, { week_start: 0, invoice: { logo: png }, dry_run: true });
  expect(told.changes.map(({ setting }) => setting)).toEqual(['week_start', 'invoice.logo']);
  expect(await get(ada)).toMatchObject({ week_start: 1, invoice: { logo: null } });
});

test('what is set counts at once: rates that members see, the closed period', async () => {
  const { ada, teo } = await makeWorkspace(house);
  await setRate(house, ada, { level: 'workspace', rate: '80' });
  const entry = await log(house, teo, { date: '2026-10-01', duration: '1:00' });
  expect(entry).not.toHaveProperty('rate');
  await update(ada, { members_see_rates: true, lock_date: '2026-10-02' });
  expect(await call(house, teo, 'time_entries.get', { id: entry.id })).toMatchObject({
    entry: { rate: '80.00' },
  });
  const refusal = await refusalOf(log(house, teo, { date: '2026-10-02', duration: '1:00' }));
  expect(refusal.code).toBe('period_locked');
  await update(ada, { lock_date: null });
  await log(house, teo, { date: '2026-10-02', duration: '1:00' });
  expect((await refusalOf(update(ada, { lock_date: '2026-10-06' }))).message).toMatch(/still to come/);
});

test('a logo is kept by its bytes and told by its hash, and goes when it is cleared', async () => {
  const workspace = await makeWorkspace(house);
  const { ada } = workspace;
  const files = async () =>
    (await house.database.run('select sha256 from files where workspace_id = $1', [workspace.id])).rows
      .length;
  await update(ada, { invoice: { logo: `data:image/png;base64,${png}` } });
  const { invoice } = await get(ada);
  expect(invoice['logo']).toEqual({
    mime: 'image/png',
    bytes: 70,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(JSON.stringify(await get(ada))).not.toContain(png.slice(0, 20));
  const kept = await house.database.inWorkspace(workspace.id, house.clock(), async (tx) =>
    logoOf(tx, await invoiceSettings(tx)),
  );
  expect(kept).toEqual({ mime: 'image/png', base64: png });
  await update(ada, { invoice: { logo: png } });
  expect(await files()).toBe(1);
  await update(ada, { invoice: { logo: null } });
  expect(await files()).toBe(0);
  expect((await get(ada)).invoice['logo']).toBeNull();
});

test('a logo of more than 200 KB is refused with its size', async () => {
  const { ada } = await makeWorkspace(house);
  const logo = Buffer.alloc(205_000).toString('base64');
  expect((await refusalOf(update(ada, { invoice: { logo } }))).message).toMatch(
    /larger than 200 KB \(201 KB\)/,
  );
});

test.each([
  [{ invoice: { logo: Buffer.from('<svg/>').toString('base64') } }, /PNG or a JPEG/],
  [{ invoice: { logo: 'not base64!' } }, /as base64/],
  [{ invoice: { iban: 'DE89 3704 0044 0532 0130 01' } }, /check digits/],
  [{ invoice: { accent_color: 'red' } }, /colour like/],
  [{ invoice: { country: 'XX' } }, /ISO 3166/],
  [{ invoice: { number_pattern: 'INV-{number:4}' } }, /must hold \{year\}, or numbers would repeat/],
  [{ invoice: { number_pattern: 'INV-{year}' } }, /\{number\} exactly once/],
  [{ invoice: { number_pattern: 'INV-{day}-{number}' } }, /not \{day\}/],
  [{ invoice: { number_reset: 'month' } }, /must hold \{month\}/],
  [{ invoice: { credit_note_pattern: 'inv-{year}-{number:4}' } }, /must differ/],
  [{ invoice: { cash_rounding_step: '0.001' } }, /cannot be kept exactly/],
  [{ invoice: { cash_rounding_step: '0' } }, /more than zero/],
  [{ invoice: { email_body: 'Dear {name}' } }, /may hold \{number\}/],
  [{ invoice: { email_body: 'Reminder {level}' } }, /may hold \{number\}/],
  [{ reminders: { message: 'Dear {name}' } }, /\{sender\}, \{balance\}, \{level\} and nothing else/],
  [{ timezone: '+02:00' }, /IANA/],
  [{ plan: 'business' }, /does not have an argument "plan"/],
])('refuses %j with a sentence', async (input, sentence) => {
  const { mara } = await makeWorkspace(house);
  const refusal = await refusalOf(update(mara, input));
  expect(refusal.code).toBe('validation_failed');
  expect(refusal.message).toMatch(sentence);
});

test('a reminder of one’s own says what is owed and which reminder it is, as the usual one does', async () => {
  const { ada } = await makeWorkspace(house);
  const message = 'Reminder {level}: {balance} of {number} is still open.';
  await update(ada, { reminders: { message } });
  expect((await get(ada))['reminders']).toMatchObject({ message });
});

test('numbers and currency are the owner’s; the rest is for admins', async () => {
  const { mara, ada, noor } = await makeWorkspace(house);
  for (const input of [{ invoice: { number_pattern: 'R-{year}-{number}' } }, { currency: 'CHF' }]) {
    expect((await refusalOf(update(ada, input))).code).toBe('access_denied');
    expect((await update(mara, input)).changes).toHaveLength(1);
  }
  expect((await update(ada, { invoice: { number_pattern: 'R-{year}-{number}' } })).changes).toEqual([]);
  expect((await refusalOf(update(noor, { week_start: 0 }))).code).toBe('role_too_low');
});

test('the currency stays where money was counted in it', async () => {
  const { mara, ada, teo } = await makeWorkspace(house);
  await setRate(house, ada, { level: 'member', member_id: teo.membershipId, kind: 'cost', rate: '30' });
  await log(house, teo, { date: '2026-10-01', duration: '1:00' });
  const refusal = await refusalOf(update(mara, { currency: 'USD' }));
  expect(refusal.code).toBe('currency_mismatch');
  expect(refusal.message).toMatch(
    /cannot change from EUR to USD any more: 1 time entry has a rate or cost in it/,
  );
});

test('only connections of the whole house read or change settings; each as far as it was allowed', async () => {
  const { ada } = await makeWorkspace(house);
  const as = (coarse: 'stint:read' | 'stint:admin' | null, resource: 'mcp' | 'api') => ({
    via: { kind: 'grant', resource, coarse } as const,
  });
  const change = { week_start: 0 };
  for (const resource of ['mcp', 'api'] as const) {
    expect((await refusalOf(call(house, ada, 'settings.get', {}, as(null, resource)))).code).toBe(
      'insufficient_scope',
    );
    expect(await call(house, ada, 'settings.get', {}, as('stint:read', resource))).toHaveProperty('timezone');
    const refusal = await refusalOf(call(house, ada, 'settings.update', change, as('stint:read', resource)));
    expect(refusal).toMatchObject({ code: 'insufficient_scope', details: { missing: ['stint:admin'] } });
  }
  await call(house, ada, 'settings.update', change, as('stint:admin', 'mcp'));
});

test('a workspace changes its own row only, and of it only what is its own to say', async () => {
  const workspace = await makeWorkspace(house);
  const other = await makeWorkspace(house);
  const write = (text: string) =>
    house.database.inWorkspace(workspace.id, house.clock(), async (tx) => {
      const { sql } = await import('kysely');
      return (await sql.raw(text).execute(tx)).numAffectedRows;
    });
  expect(await write(`update workspaces set week_start = 0 where id = '${other.id}'`)).toBe(0n);
  for (const column of ['plan', 'billing_state', 'status', 'mcp_enabled', 'name', 'slug'])
    await expect(write(`update workspaces set ${column} = ${column}`)).rejects.toThrow(/permission denied/);
});

test('the currency stays once something was invoiced, and numbers follow the pattern', async () => {
  const { mara, noor } = await makeWorkspace(house);
  await update(mara, {
    invoice: {
      number_pattern: '{year}{month}/{number:3}',
      number_reset: 'month',
      credit_note_pattern: 'CN-{year}-{month}-{number}',
    },
  });
  const draft = await makeInvoice(house, noor);
  expect((await update(mara, { currency: 'USD', dry_run: true })).changes).toHaveLength(1);
  expect(await finalize(house, noor, draft.id)).toMatchObject({ number: '202610/001' });
  expect((await refusalOf(update(mara, { currency: 'USD' }))).message).toMatch(/1 invoice was issued/);
});
