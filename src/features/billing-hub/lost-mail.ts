import { sql } from 'kysely';
import type { Call } from '#operation/call.ts';
import type { Id } from '#values/id.ts';

/** So long a mail that did not arrive is worth an alert. */
const days = 30;

/**
 * How many e-mails about invoices reached nobody, or perhaps nobody, in the 30 days up to a day, by the currency of the invoice. One after
 * which the same was sent again counts no more, nor one about an invoice that was voided.
 */
export const lostMail = async (
  { tx, actor }: Call,
  day: Temporal.PlainDate,
  client?: Id<'cli'>,
): Promise<{ currency: string; count: number }[]> => {
  const { timezone } = actor.workspace;
  const from = day.subtract({ days }).toZonedDateTime(timezone).toInstant();
  const until = day.add({ days: 1 }).toZonedDateTime(timezone).toInstant();
  const { rows } = await sql<{ currency: string; count: number }>`
    select i.currency, count(*)::int as count
    from invoice_dispatches d join invoices i on i.id = d.invoice_id
      join outbox o on o.key = d.id and o.done_at is null and o.gave_up_at is not null
    where d.created_at >= ${from} and d.created_at < ${until} and i.status <> 'void'
      and (${client ?? null}::text is null or i.client_id = ${client ?? null})
      and not exists (select from invoice_dispatches later where later.invoice_id = d.invoice_id and later.kind = d.kind
        and later.payment_id is not distinct from d.payment_id and later.created_at > d.created_at)
    group by i.currency order by i.currency`.execute(tx);
  return rows;
};
