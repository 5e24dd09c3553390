import { type RawBuilder, sql } from 'kysely';

/** How long something is owed, by days after its due date. */
export const ageBuckets = ['current', 'days_1_30', 'days_31_60', 'days_61_90', 'days_over_90'] as const;
export type AgeBucket = (typeof ageBuckets)[number];

/** SQL for the bucket that a due date is in on a day. */
export const bucketSql = (due: RawBuilder<unknown>, day: Temporal.PlainDate) => sql<AgeBucket>`case
  when ${due} >= ${day}::date then 'current' when ${day}::date - ${due} <= 30 then 'days_1_30'
  when ${day}::date - ${due} <= 60 then 'days_31_60' when ${day}::date - ${due} <= 90 then 'days_61_90' else 'days_over_90' end`;

/**
 * SQL for the invoices that were owed at the end of a day, with `open_minor`: what is owed now, and what was paid, credited, charged
 * or written off after that day undone. A credit note is no debt: it lessens its invoice's.
 */
export const owedSql = (day: Temporal.PlainDate) => sql`
  select i.*, least(i.payable_minor + i.late_fees_minor, case when i.status = 'void' then i.payable_minor else i.balance_minor end
      + coalesce((select sum(case when p.kind = 'refund' then p.credited_minor - p.amount_minor else p.amount_minor - p.credited_minor end)
          from invoice_payments p where p.invoice_id = i.id and p.reversed_at is null and p.paid_on > ${day}::date), 0)
      - coalesce((select sum(a.amount_minor) from invoice_adjustments a where a.invoice_id = i.id and a.reversed_at is null
          and a.type in ('late_fee', 'credit', 'write_off') and a.adjusted_on > ${day}::date), 0)
      + coalesce((select sum(-n.payable_minor - coalesce((select sum(k.amount_minor) from client_credits k where k.invoice_id = n.id), 0))
          from invoices n where n.corrects_invoice_id = i.id and n.kind = 'credit_note' and n.status = 'sent'
            and n.issue_date > ${day}::date), 0))::bigint as open_minor
  from invoices i
  where i.kind = 'invoice' and i.finalized_at is not null and i.issue_date <= ${day}::date
    and (i.status <> 'void' or (i.voided_at at time zone (select w.timezone from workspaces w))::date > ${day}::date)`;
