import { sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import type { Id } from '#values/id.ts';

/**
 * Sums up anew what was paid, charged and given up since an invoice was issued, and what its state is by that. The caller holds the
 * invoice. A function of what counts now and of nothing else: so what is recorded and then reversed leaves no trace in the sums.
 *
 * What was written off is given up only as far as it is not paid after all. An invoice stays written off while the rest of what was
 * given up whole is all that is missing; once anything is owed again, or nothing is missing any more, it counts as sent.
 */
export const settle = async (tx: Transaction, id: Id<'inv'>): Promise<void> => {
  await sql`
    with payments as (
      select coalesce(sum(case kind when 'refund' then credited_minor - amount_minor else amount_minor - credited_minor end), 0)::bigint as paid
      from invoice_payments where invoice_id = ${id} and reversed_at is null
    ), adjustments as (
      select coalesce(sum(amount_minor) filter (where type = 'late_fee'), 0)::bigint as fees,
        coalesce(-sum(amount_minor) filter (where type = 'write_off'), 0)::bigint as given_up,
        coalesce(bool_or(closes), false) as closed
      from invoice_adjustments where invoice_id = ${id} and reversed_at is null
    ), missing as (
      select paid, fees, given_up, closed, greatest(i.payable_minor + fees - i.credited_minor - paid, 0) as minor
      from payments, adjustments, invoices i where i.id = ${id}
    )
    update invoices i set paid_minor = m.paid, late_fees_minor = m.fees, written_off_minor = least(m.given_up, m.minor),
      status = case when i.status not in ('sent', 'written_off') then i.status
        when m.closed and m.minor > 0 and m.minor <= m.given_up then 'written_off' else 'sent' end
    from missing m where i.id = ${id}`.execute(tx);
};
