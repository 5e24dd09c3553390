import { z } from 'zod';
import { clientId, clientRef } from '#features/clients/client.ts';
import { workspaceToday } from '#features/invoices/invoice.ts';
import { operation } from '#operation/operation.ts';
import { visibleWith } from '#operation/visible.ts';
import { countedEntries, counted } from '#values/counted.ts';
import { dateInput } from '#values/local-time.ts';
import { amountText, currencyText, formatAmount } from '#values/money.ts';
import { notFound } from '#values/refusal.ts';
import { billingPositions, type Position, type PositionSums, sumPositions } from './billing-positions.ts';
import { lostMail } from './lost-mail.ts';
import { billedClient } from './selectable-time.ts';

const position = {
  unbilled_seconds: z.number().int().describe('Billable time on no invoice.'),
  unbilled: amountText.describe('Its worth before rounding, where it has a rate.'),
  draft: amountText.describe('On drafts.'),
  outstanding: amountText.describe('Issued and owed, due or not.'),
  overdue: amountText.describe('Of that, past its due date.'),
  overdue_1_30: amountText.describe('By up to 30 days.'),
  overdue_31_60: amountText.describe('By 31 to 60.'),
  overdue_61_90: amountText.describe('By 61 to 90.'),
  overdue_over_90: amountText.describe('By more.'),
  received: amountText.describe('Paid in the month of as_of, less refunds.'),
  credit: amountText.describe('What we owe them.'),
};

const overdueOf = (sums: PositionSums): bigint =>
  sums.days_1_30 + sums.days_31_60 + sums.days_61_90 + sums.days_over_90;

const viewPosition = (sums: PositionSums, currency: string) => {
  const text = (minor: bigint) => formatAmount(minor, currency);
  const overdue = overdueOf(sums);
  return {
    unbilled_seconds: Number(sums.seconds),
    unbilled: text(sums.unbilled),
    draft: text(sums.draft),
    outstanding: text(sums.current + overdue),
    overdue: text(overdue),
    overdue_1_30: text(sums.days_1_30),
    overdue_31_60: text(sums.days_31_60),
    overdue_61_90: text(sums.days_61_90),
    overdue_over_90: text(sums.days_over_90),
    received: text(sums.received),
    credit: text(sums.credit),
  };
};

const alertKinds = ['overdue', 'unbilled_over_30_days', 'without_rate', 'mail_failed'] as const;

/** What calls for something to be done in a currency, one sentence each. */
const alertsOf = (currency: string, sums: PositionSums, lostMails: number) => {
  const { overdueCount, oldCount, unratedCount } = sums;
  const text = (minor: bigint) => `${formatAmount(minor, currency)} ${currency}`;
  const alert = (kind: (typeof alertKinds)[number], count: number, message: string) =>
    count === 0 ? [] : [{ kind, currency, count, message }];
  return [
    ...alert(
      'overdue',
      overdueCount,
      `${counted(overdueCount, 'invoice is', 'invoices are')} overdue with ${text(overdueOf(sums))}: reports.run type ageing says whose.`,
    ),
    ...alert(
      'unbilled_over_30_days',
      oldCount,
      `${countedEntries(oldCount)} older than 30 days, worth ${text(sums.oldMinor)}, ${oldCount === 1 ? 'is' : 'are'} not billed.`,
    ),
    ...alert(
      'without_rate',
      unratedCount,
      `${countedEntries(unratedCount)} that can be billed ${unratedCount === 1 ? 'has no rate, so it is' : 'have no rate, so they are'} worth nothing yet.`,
    ),
    ...alert(
      'mail_failed',
      lostMails,
      `${counted(lostMails, 'e-mail')} about invoices did not arrive, or may not have: invoice_dispatches.list says why.`,
    ),
  ];
};

const weightOf = ({ sums }: Position): bigint => sums.unbilled + sums.draft + sums.current + overdueOf(sums);

export const billingSummary = operation({
  name: 'billing_hub.summary',
  title: 'What to bill, what is owed',
  summary:
    'Per currency and client: unbilled, drafts, owed, overdue, received this month, credit; and alerts.',
  effect: 'read',
  needs: { scope: 'billing:read', role: 'manager' },
  input: z.object({
    as_of: dateInput.optional().describe('Balances at the end of this day. Default: today.'),
    client_id: clientId.optional().describe('Only of this client.'),
    limit: z.coerce.number().int().min(1).max(500).default(50).describe('Clients per currency, 1 to 500.'),
  }),
  output: z.object({
    as_of: z.string().describe('The day.'),
    currencies: z
      .array(
        z.object({
          currency: currencyText,
          totals: z.object(position).describe('Of all clients, shown or not.'),
          clients: z
            .array(
              z.object({
                client: visibleWith(
                  'clients:read',
                  clientRef.nullable().describe('Null: work for nobody in particular.'),
                ),
                ...position,
              }),
            )
            .describe('Most first.'),
        }),
      )
      .describe('Never added up over currencies.'),
    alerts: z
      .array(
        z.object({
          kind: z.enum(alertKinds).describe('What it is about.'),
          currency: currencyText,
          count: z.number().int().describe('How many.'),
          message: z.string().describe('What to know.'),
        }),
      )
      .describe('What calls for doing.'),
    truncated: z.boolean().describe('Whether clients are missing here.'),
  }),
  async handle({ as_of, client_id, limit }, call) {
    if (client_id !== undefined && (await billedClient(call, client_id)) === null)
      throw notFound({}, 'client_id');
    const day = as_of === undefined ? workspaceToday(call) : Temporal.PlainDate.from(as_of);
    const [positions, lost] = await Promise.all([
      billingPositions(call, day, client_id),
      lostMail(call, day, client_id),
    ]);
    const lostMails = new Map(lost.map(({ currency, count }) => [currency, count]));
    const byCurrency = [...Map.groupBy(positions, ({ currency }) => currency)].toSorted(([one], [other]) =>
      one < other ? -1 : 1,
    );
    return {
      as_of: day.toString(),
      currencies: byCurrency.map(([currency, clients]) => ({
        currency,
        totals: viewPosition(sumPositions(clients), currency),
        clients: clients
          .toSorted((one, other) => {
            const [a, b] = [weightOf(one), weightOf(other)];
            return a === b ? 0 : a > b ? -1 : 1;
          })
          .slice(0, limit)
          .map(({ client, sums }) => ({ client, ...viewPosition(sums, currency) })),
      })),
      alerts: [...new Set([...byCurrency.map(([currency]) => currency), ...lostMails.keys()])].flatMap(
        (currency) =>
          alertsOf(
            currency,
            sumPositions(positions.filter((position) => position.currency === currency)),
            lostMails.get(currency) ?? 0,
          ),
      ),
      truncated: byCurrency.some(([, clients]) => clients.length > limit),
    };
  },
});
