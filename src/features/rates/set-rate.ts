import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { currencyMismatch } from '#features/clients/client.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import { dateInput } from '#values/local-time.ts';
import { currencyInput, formatAmount, parseAmount } from '#values/money.ts';
import { appliesFrom, putRate, rateApply, rateInput } from './rate.ts';
import { affectedOutput, applyToTime } from './rate-change.ts';
import { takeTurnsOf } from './rerate.ts';
import { findTarget, rateKind, rateLevels, rateMember, targetId } from './rate-target.ts';
import { findRate, rateView, viewRate } from './rate-view.ts';

const textOf = (minor: bigint | null, currency: string): string | null =>
  minor === null ? null : formatAmount(minor, currency);

export const setRate = operation({
  name: 'rates.set',
  title: 'Set a rate',
  summary: 'Set what an hour is billed at or costs, for a level and from a day on.',
  guidance:
    'The most particular level counts: entry, task, project_member, project, client, member, workspace. Logged time keeps its rate unless apply says otherwise; show the user a dry_run first.',
  effect: 'update',
  dryRun: true,
  needs: { scope: 'rates:write', role: 'admin' },
  input: z.object({
    level: z.enum(rateLevels).describe('Level of the cascade.'),
    target_id: targetId.optional(),
    member_id: rateMember.optional(),
    kind: rateKind.default('bill'),
    rate: rateInput.nullable().describe('Per hour, decimal text; null: none, the next level counts.'),
    currency: currencyInput.optional().describe('Default: that of the work.'),
    valid_from: dateInput
      .optional()
      .describe('First day; default the day of apply, or today (the first rate of all: since ever).'),
    apply: rateApply,
  }),
  output: z.object({ rate: rateView.describe('The rate as it is now.'), ...affectedOutput }),
  refusals: [currencyMismatch, insufficientScope],
  async handle({ rate, currency: wanted, valid_from, apply, ...given }, call) {
    const { tx, actor, today, changed, warn } = call;
    // Rates are few and seldom set: one at a time in a workspace, so that what is replaced is what the audit log says.
    await lockRow(tx, 'workspaces', actor.workspace.id);
    const { currency, ...target } = await findTarget(call, given, wanted);
    const from = appliesFrom(apply, today, 'apply');
    const rateMinor = rate === null ? null : parseAmount(rate, currency, 'rate');
    if (from !== null) await takeTurnsOf(tx, target);
    const { id, before } = await putRate(call, {
      ...target,
      currency,
      rateMinor,
      from: valid_from === undefined ? (from ?? today) : Temporal.PlainDate.from(valid_from),
      exactly: valid_from !== undefined,
    });
    const row = await findRate(tx, id);
    if (row.valid_until !== null)
      warn(`Another rate is set from ${row.valid_until.add({ days: 1 }).toString()} on; it stays.`);
    const affected = await applyToTime(call, target, { from, ended: rate === null, operation: 'rates.set' });
    const view = viewRate(row);
    changed({
      id,
      before: before === null ? null : { ...view, rate: textOf(before.rate_minor, currency) },
      after: { ...view, ...(affected.affected_entries === 0 ? {} : { ...affected, apply }) },
    });
    return { rate: view, ...affected };
  },
});
