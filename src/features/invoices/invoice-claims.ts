import { sql } from 'kysely';
import { z } from 'zod';
import { violates } from '#database/database.ts';
import type { Call } from '#operation/call.ts';
import type { Id } from '#values/id.ts';
import { alreadyInvoiced } from './invoice.ts';
import { type Exclusion, exclusions, sharesOf, type TimeOnLines } from './invoice-time.ts';

/** Why time was left out of an invoice. */
export const excludedView = z
  .array(
    z.object({
      reason: z.enum(exclusions).describe('Why.'),
      count: z.number().int().describe('How many entries.'),
      entry_ids: z.array(z.string()).describe('Up to 20 of them.'),
    }),
  )
  .describe('Time that was left out.');

/** Time that was left out, by reason. */
export const viewExcluded = (excluded: TimeOnLines['excluded']): z.input<typeof excludedView> =>
  [...Map.groupBy(excluded, ({ excluded: reason }) => reason as Exclusion)].map(([reason, entries]) => ({
    reason,
    count: entries.length,
    entry_ids: entries.slice(0, 20).map(({ id }) => id),
  }));

/**
 * Claims time for lines that are written: from now on it is on this invoice and locked. Each entry gets its share of its line's amount,
 * so that they sum to it. That an entry is on one active invoice at most is decided by the index `one_active_invoice_per_entry`.
 */
export const claimTime = async (
  { tx }: Call,
  invoice: Id<'inv'>,
  claims: TimeOnLines['claims'],
): Promise<void> => {
  const shares = [...Map.groupBy(claims, ({ line }) => line).values()].flatMap((group) => {
    const amounts = sharesOf(
      group.map(({ billedSeconds }) => billedSeconds),
      group[0]!.entry.rate_minor,
    );
    return group.map(({ entry, line, billedSeconds }, at) => ({
      entry: entry.id,
      line,
      billedSeconds,
      amount: amounts[at]!,
    }));
  });
  try {
    await sql`insert into invoice_line_entries (invoice_id, invoice_line_id, entry_id, billed_seconds, amount_minor)
      select ${invoice}, s.line, s.entry, s.billed, s.amount
      from unnest(${shares.map(({ line }) => line)}::text[], ${shares.map(({ entry }) => entry)}::text[],
        ${shares.map(({ billedSeconds }) => billedSeconds)}::int[], ${shares.map(({ amount }) => String(amount))}::bigint[])
        s (line, entry, billed, amount) order by s.entry`.execute(tx);
  } catch (error) {
    if (violates(error, 'one_active_invoice_per_entry')) {
      throw alreadyInvoiced({ entries: [], count: shares.length });
    }
    throw error;
  }
};

/**
 * Notes when the work on a draft was done, after time was put on it or taken off: the days of all its time, and those that were asked for
 * where more time was just put on.
 */
export const keepPeriod = async (
  { tx }: Call,
  id: Id<'inv'>,
  { from, to }: { from?: string | undefined; to?: string | undefined } = {},
): Promise<void> => {
  await sql`update invoices i set period_from = case when t.first is not null then least(t.first, ${from ?? null}::date) end,
      period_to = case when t.last is not null then greatest(t.last, ${to ?? null}::date) end
    from (select min(e.local_date) as first, max(e.local_date) as last from invoice_line_entries x
      join time_entries e on e.id = x.entry_id where x.invoice_id = ${id} and x.active) t
    where i.id = ${id}`.execute(tx);
};
