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

/** What calls for something to be done, one sentence each. */
const alertsOf = (currency: string, sums: PositionSums) => {
  const text = (minor: bigint) => `${formatAmount(minor, currency)} ${currency}`;
  const overdue = overdueOf(sums);
  return [
    ...(overdue > 0n
      ? [
          {
            kind: 'overdue' as const,
            currency,
            count: sums.overdueCount,
            message: `${counted(sums.overdueCount, 'invoice is', 'invoices are')} overdue with ${text(overdue)}: reports.run type ageing says whose.`,
          },
        ]
      : []),
    ...(sums.oldCount > 0
      ? [
          {
            kind: 'unbilled_over_30_days' as const,
            currency,
            count: sums.oldCount,
            message: `${countedEntries(sums.oldCount)} older than 30 days, worth ${text(sums.oldMinor)}, ${sums.oldCount === 1 ? 'is' : 'are'} not billed.`,
          },
        ]
      : []),
    ...(sums.unratedCount > 0
      ? [
          {
            kind: 'without_rate' as const,
            currency,
            count: sums.unratedCount,
            message: `${countedEntries(sums.unratedCount)} that can be billed ${sums.unratedCount === 1 ? 'has' : 'have'} no rate, so ${sums.unratedCount === 1 ? 'it is' : 'they are'} worth nothing yet.`,
          },
        ]
      : []),
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
          kind: z.enum(['overdue', 'unbilled_over_30_days', 'without_rate']).describe('What it is about.'),
          currency: currencyText,
          count: z.number().int().describe('Invoices or entries.'),
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
    const positions = await billingPositions(call, day, client_id);
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
      alerts: byCurrency.flatMap(([currency, clients]) => alertsOf(currency, sumPositions(clients))),
      truncated: byCurrency.some(([, clients]) => clients.length > limit),
    };
  },
});
