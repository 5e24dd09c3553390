import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import { refuseWithout } from '#operation/refuse-without.ts';
import { type RateTarget, rerateTarget } from './rerate.ts';

/** What a change of a rate answers about logged time. */
export const affectedOutput = {
  affected_entries: z.number().int().describe('Time entries that got another rate.'),
  entry_ids: z.array(z.string().describe('A time entry.')).describe('The first 100 of them.'),
};

/** Re-rates logged time since a day, where that was asked for; refuses a connection that may not change time. */
export const applyToTime = async (
  { tx, actor }: Call,
  target: RateTarget,
  { from, ended, operation }: { from: Temporal.PlainDate | null; ended: boolean; operation: string },
): Promise<{ affected_entries: number; entry_ids: string[] }> => {
  if (from === null) return { affected_entries: 0, entry_ids: [] };
  const since = { from, lockDate: actor.workspace.lock_date };
  const ids = (await rerateTarget(tx, target, since, ended)).sort();
  // What changes time asks for the same, whatever it is called.
  if (ids.length > 0) refuseWithout(actor, ['time:write'], operation);
  return { affected_entries: ids.length, entry_ids: ids.slice(0, 100) };
};
