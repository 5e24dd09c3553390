import { sql } from 'kysely';
import { z } from 'zod';
import { type Call, checkVersion, expectedVersion, nextVersion } from '#operation/call.ts';
import { lockRow } from '#database/lock-row.ts';
import { operation } from '#operation/operation.ts';
import { putRate } from '#features/rates/rate.ts';
import { heldSql } from '#features/rates/worth.ts';
import { counted } from '#values/counted.ts';
import { currencyInput, parseAmount } from '#values/money.ts';
import { clientId, clientName, currencyMismatch } from './client.ts';
import {
  clientColumns,
  clientFieldRefusals,
  clientFields,
  refuseClosedFields,
  setContacts,
  warnOfSameName,
} from './client-input.ts';
import { type ClientRow, clientDetail, findClient, storedClient, viewClientDetail } from './client-view.ts';

/** Moves a client and its projects to another currency; refuses while there is money of theirs in the old one. */
const changeCurrency = async (
  { tx, now, warn }: Call,
  client: ClientRow,
  currency: string,
): Promise<void> => {
  const { rows } = await sql<{ entries: number; projects: number }>`select
    (select count(*) from time_entries e where e.client_id = ${client.id} and e.rate_minor is not null and ${heldSql('e', now)})::int as entries,
    (select count(*) from projects p left join budgets b on b.project_id = p.id where p.client_id = ${client.id}
      and p.deleted_at is null and (p.fixed_fee_minor is not null or b.kind = 'money'))::int as projects`.execute(
    tx,
  );
  const { entries = 0, projects = 0 } = rows[0] ?? {};
  if (entries > 0 || projects > 0) {
    const because = `The currency of "${client.name}" cannot change from ${client.currency} to ${currency}: ${counted(entries, 'time entry with a rate', 'time entries with a rate')} and ${counted(projects, 'project')} with a fee or budget are in ${client.currency}. Bill or change those first, or add a client of its own for ${currency}.`;
    throw currencyMismatch({ wanted: client.currency, given: currency, because }, 'currency');
  }
  await tx.updateTable('clients').set({ currency }).where('id', '=', client.id).execute();
  await tx.updateTable('projects').set({ currency }).where('client_id', '=', client.id).execute();
  warn(
    `Rates in ${client.currency} no longer apply to this client and its projects; set them in ${currency}.`,
  );
};

export const updateClient = operation({
  name: 'clients.update',
  title: 'Change a client',
  summary: 'Change or archive a client. What is left out stays, null clears.',
  guidance: 'A new rate counts for work from today on; logged time keeps its rate.',
  effect: 'update',
  needs: { scope: 'clients:write', role: 'manager' },
  input: z.object({
    id: clientId,
    name: clientName.optional(),
    currency: currencyInput.optional().describe('Only with nothing unbilled.'),
    ...clientFields,
    archived: z.boolean().optional().describe('true archives, false brings back.'),
    expected_version: expectedVersion,
  }),
  output: z.object({ client: clientDetail.describe('The client as it is now.') }),
  refusals: [currencyMismatch, ...clientFieldRefusals],
  async handle({ id, name, currency: given, archived, expected_version, ...fields }, call) {
    const { tx, now, zone, changed } = call;
    await lockRow(tx, 'clients', id);
    const before = await findClient(call, id);
    checkVersion(expected_version, before);
    await refuseClosedFields(call, fields);
    const currency = given ?? before.currency;
    if (currency !== before.currency) await changeCurrency(call, before, currency);
    await tx
      .updateTable('clients')
      .set({
        ...clientColumns(fields),
        ...(name === undefined ? {} : { name }),
        ...(archived === undefined ? {} : { archived_at: archived ? (before.archived_at ?? now) : null }),
        version: nextVersion(fields.contacts !== undefined || fields.rate !== undefined),
      })
      .where('id', '=', id)
      .execute();
    await setContacts(call, id, fields.contacts);
    if (fields.rate !== undefined) {
      const rateMinor = fields.rate === null ? null : parseAmount(fields.rate, currency, 'rate');
      await putRate(call, { level: 'client', targetId: id, currency, rateMinor });
    }
    if (name !== undefined && name !== before.name) await warnOfSameName(call, name, id);
    const after = await findClient(call, id);
    changed({ id, before: storedClient(before, zone), after: storedClient(after, zone) });
    return { client: viewClientDetail(after, zone) };
  },
});
