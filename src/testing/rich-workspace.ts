import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import type { Rows } from '#database/rows.ts';
import type { House } from '#operation/run.ts';
import { type IdPrefix, prefixOf } from '#values/id.ts';
import type { TestHouse } from './house.ts';
import type { Ids } from './inputs.ts';
import { call, connectionFor, makeWorkspace, type Person, type TestWorkspace, tokenFor } from './people.ts';
import { fillInvoices } from './rich-invoices.ts';

/** A workspace with something of everything, and a word that every name and text of it holds. */
export interface RichWorkspace extends TestWorkspace {
  readonly mark: string;
  readonly people: readonly Person[];
  readonly ids: Ids;
  /** For each invoice the same, but of invoices only this one and what belongs to it: for inputs that name two things of one invoice. */
  readonly invoices: readonly Ids[];
}

type Made = Record<string, { id: string }>;
const idPattern = /\b[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}\b/g;

/** Every row of a workspace as one text, a line a row: equal exactly when nothing was changed. */
export const rowsIn = async (store: Kysely<Rows> | Transaction, workspaceId: string): Promise<string> => {
  const { rows: tables } = await sql<{ name: string }>`
    select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where table_schema = 'public' and column_name = 'workspace_id' and table_type = 'BASE TABLE' order by 1`.execute(
    store,
  );
  const parts = tables.map(
    ({ name }) =>
      sql`select ${name} || ' ' || t::text as line from ${sql.table(name)} t where t.workspace_id = ${workspaceId}`,
  );
  parts.push(sql`select 'workspaces ' || t::text from workspaces t where t.id = ${workspaceId}`);
  const { rows } = await sql<{ text: string }>`
    select coalesce(string_agg(line, e'\n' order by line collate "C"), '') as text
    from (${sql.join(parts, sql` union all `)}) x`.execute(store);
  return rows[0]!.text;
};

/** The same, of the store of a house. */
export const everyRow = ({ database }: House, workspaceId: string): Promise<string> =>
  rowsIn(database.identity, workspaceId);

/** Rows of which each is of one invoice. */
const ofInvoices = /^(invoices|invoice_\w+|client_credits) /;

/** The ids that stand in a text, by kind. */
const idsIn = (text: string): Map<IdPrefix, string[]> => {
  const ids = new Map<IdPrefix, string[]>();
  for (const id of new Set(text.match(idPattern))) {
    const prefix = prefixOf(id);
    if (prefix !== null) ids.set(prefix, [...(ids.get(prefix) ?? []), id].sort());
  }
  return ids;
};

/** Makes a workspace and fills it through its own operations. */
export const makeRichWorkspace = async (house: TestHouse, mark?: string): Promise<RichWorkspace> => {
  const word = mark ?? `mark${randomBytes(5).toString('hex')}`;
  const workspace = await makeWorkspace(house);
  const { mara, ada, noor, teo, vera } = workspace;
  const people = [mara, ada, noor, teo, vera];
  const act = (person: Person, name: string, input: object) => call<Made>(house, person, name, input);

  const tags: string[] = [];
  for (const name of ['red', 'blue'])
    tags.push((await act(mara, 'tags.create', { name: `${name} ${word}` }))['tag']!.id);
  const client = async (name: string) =>
    (
      await act(mara, 'clients.create', {
        name: `${name} ${word}`,
        currency: 'EUR',
        rate: '83.17',
        email: `${word}@example.com`,
        contacts: [{ name: `Contact ${word}`, email: `contact-${word}@example.com` }],
        address: { city: `City ${word}` },
        buyer_reference: word,
      })
    )['client']!.id;
  const acme = await client('Acme');
  const project = async (name: string, more: object = {}) =>
    (await act(mara, 'projects.create', { name: `${name} ${word}`, client_id: acme, ...more }))['project']!
      .id;
  const site = await project('Site', {
    rate: '91.31',
    budget: { kind: 'money', amount: '777.77' },
    members: [{ member_id: teo.membershipId, rate: '97.53' }],
  });
  await project('Secret', { private: true, members: [{ member_id: noor.membershipId, is_manager: true }] });
  await project('Fixed', { billing: 'fixed', fixed_fee: '4321.09' });
  const task = async (summary: string, more: object = {}) =>
    (
      await act(mara, 'tasks.create', {
        summary: `${summary} ${word}`,
        project_id: site,
        tags: [tags[0]],
        note: `Note ${word}`,
        ...more,
      })
    )['task']!.id;
  const home = await task('Home page', { assignee_id: teo.membershipId });
  await task('Shop', { assignee_id: noor.membershipId });
  await task('Loose', { project_id: null });
  const log = async (person: Person, date: string, more: object = {}) =>
    (
      await act(person, 'time_entries.create', {
        task_id: home,
        description: `Work ${word}`,
        tags: [tags[1]],
        started_at: `${date}T09:00`,
        duration: '1:20',
        ...more,
      })
    )['entry']!.id;
  const entries: string[] = [];
  for (const person of [mara, noor, teo])
    for (const date of ['2026-10-01', '2026-10-02']) entries.push(await log(person, date));

  const rule = (person: Person, more: object) =>
    act(person, 'rules.create', {
      name: `Rule ${word}`,
      when: { all: [{ field: 'text', op: 'contains', value: word }] },
      then: [{ add_tag: tags[0] }],
      backfill: { from: '2026-10-01', to: '2026-10-01', dry_run: false },
      ...more,
    });
  await rule(mara, { then: [{ set_rate: '61.73' }, { append_note: `By rule ${word}` }] });
  await rule(teo, {});

  await act(mara, 'rates.set', { level: 'task', target_id: home, rate: '97.53' });
  await act(mara, 'rates.set', { level: 'member', member_id: teo.membershipId, kind: 'cost', rate: '83.17' });
  const taxes: string[] = [];
  for (const percent of ['19', '7'])
    taxes.push(
      (await act(mara, 'tax_rates.create', { name: `VAT ${percent} % ${word}`, percent }))['tax_rate']!.id,
    );

  // Something deleted of each kind, for what brings it back.
  const gone = (name: string, id: string) => act(mara, name, { id });
  await gone('time_entries.delete', await log(mara, '2026-09-30'));
  await gone('tasks.delete', await task('Gone'));
  await gone('projects.delete', await project('Gone'));
  await gone('clients.delete', await client('Gone'));

  await act(teo, 'timers.start', { task_id: home, description: `Now ${word}` });
  await act(mara, 'timers.start', { project_id: site, description: `Mine ${word}` });
  await act(noor, 'timers.start', { project_id: site, description: `Later ${word}` });
  await act(noor, 'timers.pause', {});
  for (const person of [mara, teo]) {
    await tokenFor(house, person);
    await connectionFor(house, person, undefined, { clientName: `App ${word}` });
  }

  const ground = { mara, noor, word, client: acme, project: site, taxes, entries: entries.slice(2) };
  await fillInvoices(house, ground);

  const text = await everyRow(house, workspace.id);
  const ids = idsIn(text);
  const invoices = ids.get('inv')!.map((invoice) => {
    const own = idsIn(
      text
        .split('\n')
        .filter((line) => ofInvoices.test(line) && line.includes(invoice))
        .join('\n'),
    );
    return new Map([...ids, ...own, ['inv', [invoice]] as const]);
  });
  return { ...workspace, mark: word, people, ids, invoices };
};
