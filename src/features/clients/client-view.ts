import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { ClientsRow } from '#database/rows.ts';
import type { Call } from '#operation/call.ts';
import { visibleWith } from '#operation/visible.ts';
import { rateOn, rateText } from '#features/rates/rate.ts';
import { seesTime, unbilledSql, worthSql } from '#features/rates/worth.ts';
import { type Id, idSchema } from '#values/id.ts';
import { momentText } from '#values/local-time.ts';
import { amountText, currencyText, formatAmount } from '#values/money.ts';
import { notFound } from '#values/refusal.ts';
import { type RoundingPolicy, roundingPolicy } from '#values/rounding.ts';
import type { Selectable } from 'kysely';
import { clientId } from './client.ts';

/** Unbilled time and its worth, one amount per currency: never a sum over currencies. */
const unbilled = z
  .object({
    seconds: z
      .number()
      .int()
      .describe('Billable time not billed yet: the user’s own, everybody’s for managers.'),
    amounts: visibleWith(
      'amounts',
      z
        .array(z.object({ amount: amountText, currency: currencyText }))
        .describe('What it is worth, where it has a rate.'),
    ),
  })
  .describe('What can be billed.');

/** A client in a list. */
export const clientView = z.object({
  id: clientId,
  name: z.string().describe('Its name.'),
  currency: currencyText,
  archived: z.boolean().describe('Nothing new can be done for an archived client.'),
  rate: visibleWith('amounts', rateText.nullable()),
  unbilled: visibleWith('time:read', unbilled),
  updated_at: z.string().describe('Last change.'),
  version: z.number().int().describe('Give it as expected_version.'),
});

export const clientAddress = z
  .strictObject({
    line1: z.string().max(200).optional().describe('Street and number.'),
    line2: z.string().max(200).optional().describe('More of it.'),
    postal_code: z.string().max(20).optional().describe('Postal code.'),
    city: z.string().max(100).optional().describe('City.'),
    region: z.string().max(100).optional().describe('State or province.'),
  })
  .describe('Postal address; the country is beside it.');

/** A client with everything known about it. */
export const clientDetail = clientView.extend({
  email: z.string().nullable().describe('Where invoices go.'),
  contacts: z
    .array(
      z.object({
        id: idSchema('ctc'),
        name: z.string().describe('Name.'),
        email: z.string().nullable().describe('E-mail address.'),
        role: z.string().nullable().describe('What they do there.'),
      }),
    )
    .describe('People there.'),
  address: clientAddress.nullable(),
  country: z.string().nullable().describe('ISO 3166 code.'),
  tax_id: z.string().nullable().describe('VAT or tax number.'),
  language: z.string().nullable().describe('Language of its invoices.'),
  payment_terms_days: z.number().int().nullable().describe('Days until an invoice is due.'),
  buyer_reference: z.string().nullable().describe('What its invoices must quote.'),
  rounding: roundingPolicy.nullable().describe('Null: as the workspace says.'),
  default_tax_id: idSchema('tax').nullable().describe('Tax of its new lines.'),
  created_at: z.string().describe('When it was added.'),
});

interface Found extends Selectable<ClientsRow> {
  sort_key: string;
  rate_minor: bigint | null;
  unbilled_seconds: bigint;
  unbilled_amounts: { minor: string; currency: string }[];
}
/** A row with its contacts, where one client was asked for. */
export interface ClientRow extends Found {
  contacts?: z.output<typeof clientDetail>['contacts'];
}

/**
 * The clients that `chosen` selects (clients.* and sort_key), with rate and what the caller may see of unbilled time; `order` refers to
 * them as c.
 */
export const clientRows = async (
  { tx, actor, today }: Pick<Call, 'tx' | 'actor' | 'today'>,
  chosen: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
): Promise<Found[]> => {
  const worth = worthSql(sql`sum(e.duration_seconds)`, sql`e.rate_minor`);
  const { rows } = await sql<Found>`
    select c.*, ${rateOn('client', sql`c.id`, sql`c.currency`, today)} as rate_minor,
      coalesce(u.seconds, 0)::bigint as unbilled_seconds, coalesce(u.amounts, '[]') as unbilled_amounts
    from (${chosen}) c left join lateral (
      select sum(b.seconds) as seconds, json_agg(json_build_object('minor', b.minor::text, 'currency', b.currency)
        order by b.currency) filter (where b.minor is not null) as amounts
      from (select g.currency, sum(g.seconds) as seconds, sum(g.minor) as minor
        from (select e.currency, sum(e.duration_seconds) as seconds, ${worth} as minor
          from time_entries e where e.client_id = c.id and ${unbilledSql('e')} and ${seesTime(actor, 'e')}
          group by e.currency, e.rate_minor) g
        group by g.currency) b
    ) u on true
    order by ${order}`.execute(tx);
  return rows;
};

/** A row as a `clientView`. */
export const viewClient = (row: Found, zone: string): z.input<typeof clientView> => ({
  id: row.id,
  name: row.name,
  currency: row.currency,
  archived: row.archived_at !== null,
  rate: row.rate_minor === null ? null : formatAmount(row.rate_minor, row.currency),
  unbilled: {
    seconds: Number(row.unbilled_seconds),
    amounts: row.unbilled_amounts.map(({ minor, currency }) => ({
      amount: formatAmount(BigInt(minor), currency),
      currency,
    })),
  },
  updated_at: momentText(row.updated_at, zone),
  version: row.version,
});

/** A row of `findClient` as a `clientDetail`. */
export const viewClientDetail = (row: ClientRow, zone: string): z.input<typeof clientDetail> => ({
  ...viewClient(row, zone),
  email: row.email,
  contacts: row.contacts ?? [],
  address: row.address as z.input<typeof clientAddress> | null,
  country: row.country,
  tax_id: row.tax_id,
  language: row.language,
  payment_terms_days: row.payment_terms_days,
  buyer_reference: row.buyer_reference,
  rounding: row.rounding as RoundingPolicy | null,
  default_tax_id: row.default_tax_id,
  created_at: momentText(row.created_at, zone),
});

/** The client of that id with its contacts, or `not_found`. A deleted one only where asked for (with `deleted`: that or a live one). */
export const findClient = async (call: Call, id: Id<'cli'>, { deleted = false } = {}): Promise<ClientRow> => {
  const chosen = sql`select *, '' as sort_key from clients where id = ${id} and (deleted_at is null or ${deleted})`;
  const [row] = await clientRows(call, chosen, sql`c.id`);
  if (row === undefined) throw notFound({});
  const contacts = await call.tx
    .selectFrom('client_contacts')
    .select(['id', 'name', 'email', 'role'])
    .where('client_id', '=', id)
    .orderBy('position')
    .execute();
  return { ...row, contacts };
};

/** A client as the audit log keeps it: what was said about it, nothing that moves with the clock. */
export const storedClient = (row: ClientRow, zone: string) => {
  const { unbilled: _, ...facts } = viewClientDetail(row, zone);
  return facts;
};
