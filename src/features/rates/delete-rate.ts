import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import { appliesFrom, rateApply } from './rate.ts';
import { affectedOutput, applyToTime } from './rate-change.ts';
import { takeTurnsOf } from './rerate.ts';
import { findRate, rateId, viewRate } from './rate-view.ts';

export const deleteRate = operation({
  name: 'rates.delete',
  title: 'Delete a rate',
  summary: 'Delete a rate; in its days the one before it holds, else the next level.',
  guidance:
    'A deliberate act of the user. To end a rate from a day on, use rates.set with rate null instead.',
  effect: 'delete',
  needs: { scope: 'rates:write', role: 'admin' },
  input: z.object({ id: rateId, apply: rateApply }),
  output: z.object({ deleted: rateId.describe('The rate that is gone.'), ...affectedOutput }),
  refusals: [insufficientScope],
  async handle({ id, apply }, call) {
    const { tx, actor, today, changed } = call;
    await lockRow(tx, 'workspaces', actor.workspace.id);
    const row = await findRate(tx, id);
    const from = appliesFrom(apply, today, 'apply');
    const target = {
      level: row.level,
      targetId: row.target_id,
      membershipId: row.membership_id,
      kind: row.kind,
    };
    if (from !== null) await takeTurnsOf(tx, target);
    await tx.deleteFrom('rates').where('id', '=', id).execute();
    const affected = await applyToTime(call, target, { from, ended: true, operation: 'rates.delete' });
    changed({
      id,
      before: viewRate(row),
      ...(affected.affected_entries === 0 ? {} : { after: { ...affected, apply } }),
    });
    return { deleted: id, ...affected };
  },
});
