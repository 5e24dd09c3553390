import { sql } from 'kysely';
import { currencyMismatch } from '#features/clients/client.ts';
import { heldSql } from '#features/rates/worth.ts';
import { checkTaxes } from '#features/tax-rates/tax-rate.ts';
import { roleCovers } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import { counted } from '#values/counted.ts';
import { parseAmount } from '#values/money.ts';
import { numberPatternProblem } from '#values/number-pattern.ts';
import { accessDenied, validationFailed } from '#values/refusal.ts';
import type { Settings } from './settings.ts';
import { settingChanges } from './settings-view.ts';

/** What only the owner decides: what the books are kept in, and how they are numbered. */
const owners = new Set([
  'currency',
  'invoice.number_pattern',
  'invoice.credit_note_pattern',
  'invoice.number_reset',
]);

const refuseNumbers = ({ invoice }: Settings): void => {
  const { number_reset: reset } = invoice;
  for (const name of ['number_pattern', 'credit_note_pattern'] as const) {
    const problem = numberPatternProblem(invoice[name], reset);
    if (problem !== null)
      throw validationFailed({ message: `invoice.${name} ${problem}.` }, `invoice.${name}`);
  }
  if (invoice.number_pattern.toLowerCase() === invoice.credit_note_pattern.toLowerCase()) {
    throw validationFailed(
      {
        message:
          'invoice.credit_note_pattern must differ from number_pattern, or a credit note would have the number of an invoice.',
      },
      'invoice.credit_note_pattern',
    );
  }
};

// Costs are kept with time in the workspace's currency, which is not kept beside them; and time of no client is billed in it.
const refuseCurrency = async ({ tx, now }: Call, before: string, after: string): Promise<void> => {
  const { rows } = await sql<{ invoices: number; entries: number }>`select
    (select count(*) from invoices i where i.finalized_at is not null)::int as invoices,
    (select count(*) from time_entries e where (e.cost_rate_minor is not null and e.deleted_at is null)
      or (e.client_id is null and e.project_id is null and e.rate_minor is not null and ${heldSql('e', now)}))::int as entries`.execute(
    tx,
  );
  const { invoices = 0, entries = 0 } = rows[0] ?? {};
  if (invoices === 0 && entries === 0) return;
  const held = [
    ...(invoices > 0 ? [counted(invoices, 'invoice was issued', 'invoices were issued')] : []),
    ...(entries > 0
      ? [counted(entries, 'time entry has a rate or cost in it', 'time entries have a rate or cost in it')]
      : []),
  ];
  const because = `The currency of the workspace cannot change from ${before} to ${after} any more: ${held.join(' and ')}. Clients and projects can have a currency of their own: clients.create with currency ${after}.`;
  throw currencyMismatch({ wanted: before, given: after, because }, 'currency');
};

/** Refuses settings that may not be changed so, by this person or at all. */
export const refuseWrongSettings = async (call: Call, before: Settings, after: Settings): Promise<void> => {
  const { tx, actor, now, warn } = call;
  const changed = new Set(settingChanges(before, after).map(({ setting }) => setting));
  const forOwner = [...changed].find((setting) => owners.has(setting));
  if (forOwner !== undefined && !roleCovers(actor.membership.role, 'owner'))
    throw accessDenied({ because: `${forOwner} is for the owner`, requires: 'owner' }, forOwner);
  refuseNumbers(after);
  const { currency, lock_date: lock, timezone, invoice } = after;
  const today = now.toZonedDateTimeISO(timezone).toPlainDate();
  if (changed.has('lock_date') && lock !== null && Temporal.PlainDate.compare(lock, today) > 0) {
    throw validationFailed(
      { message: `lock_date, ${lock.toString()}, is still to come: only days that have been can be closed.` },
      'lock_date',
    );
  }
  if (changed.has('currency')) {
    await refuseCurrency(call, before.currency, currency);
    warn(
      `Rates of people and of the workspace in ${before.currency} no longer apply; set them in ${currency}.`,
    );
  }
  const { cash_rounding_step: step, default_tax_id: tax } = invoice;
  if (step !== null && parseAmount(step, currency, 'invoice.cash_rounding_step') === 0n) {
    throw validationFailed(
      { message: 'invoice.cash_rounding_step must be more than zero; null rounds nothing.' },
      'invoice.cash_rounding_step',
    );
  }
  if (changed.has('invoice.default_tax_id') && tax !== null)
    await checkTaxes(tx, [{ ids: [tax], field: 'invoice.default_tax_id' }]);
};
