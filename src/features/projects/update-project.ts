import { sql } from 'kysely';
import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { type Actor, roleCovers, sees } from '#operation/actor.ts';
import { checkVersion, expectedVersion, nextVersion } from '#operation/call.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import { refuseWithout } from '#operation/refuse-without.ts';
import { clientArchived, clientId, currencyMismatch } from '#features/clients/client.ts';
import { appliesFrom, putRate, rateApply } from '#features/rates/rate.ts';
import { rerateProject } from '#features/rates/rerate.ts';
import { takeTurns } from '#features/time-entries/entry-view.ts';
import { currencyInput, formatAmount, parseAmount } from '#values/money.ts';
import { accessDenied } from '#values/refusal.ts';
import { moveClient } from './move-client.ts';
import { projectId } from './project.ts';
import { feeOf, projectFields, projectName, setBudget, setMembers } from './project-input.ts';
import {
  findProject,
  type ProjectRow,
  projectDetail,
  storedProject,
  viewProjectDetail,
} from './project-view.ts';

const fields = {
  name: projectName.optional(),
  client_id: clientId.nullish().describe('Whom it is for; its unlocked time moves along.'),
  currency: currencyInput.optional().describe('Only without client, and with nothing unbilled.'),
  ...projectFields,
  archived: z.boolean().optional().describe('true archives, false brings back.'),
};
type Fields = z.output<z.ZodObject<typeof fields>>;

/** Managers change every project; somebody who manages this one changes it too, but not the money they may not see. */
const refuseOthers = (actor: Actor, project: ProjectRow, given: Fields): void => {
  if (roleCovers(actor.membership.role, 'manager')) return;
  const here = project.members?.find(({ membership_id }) => membership_id === actor.membership.id);
  if (here?.is_manager !== true)
    throw accessDenied({ because: 'not a manager of this project', requires: 'manager' });
  const money =
    given.rate !== undefined ||
    given.fixed_fee !== undefined ||
    given.currency !== undefined ||
    given.client_id !== undefined ||
    given.rounding !== undefined ||
    given.budget?.kind === 'money' ||
    (given.budget !== undefined && project.budget_kind === 'money') ||
    (given.billing !== undefined && project.fixed_fee_minor !== null) ||
    given.members?.some(({ rate }) => rate !== undefined) === true;
  if (money && !sees(actor, 'amounts'))
    throw accessDenied({ because: 'you may not see amounts', requires: 'manager' });
};

export const updateProject = operation({
  name: 'projects.update',
  title: 'Change a project',
  summary: 'Change or archive a project. What is left out stays, null clears.',
  guidance: 'A new rate counts from today on; rate_apply can extend it to unbilled time (try dry_run first).',
  effect: 'update',
  dryRun: true,
  needs: { scope: 'projects:write', role: 'member' },
  input: z.object({ id: projectId, ...fields, rate_apply: rateApply, expected_version: expectedVersion }),
  output: z.object({
    project: projectDetail.describe('The project as it is now.'),
    affected_entries: z.number().int().describe('Time entries that got another rate or client.'),
  }),
  refusals: [clientArchived, currencyMismatch, insufficientScope],
  async handle({ id, rate_apply, expected_version, ...given }, call) {
    const { tx, actor, today, zone, changed } = call;
    if (given.client_id !== undefined || rate_apply !== 'new_only')
      await takeTurns(tx, sql`e.project_id = ${id}`);
    await lockRow(tx, 'projects', id);
    const before = await findProject(call, id);
    refuseOthers(actor, before, given);
    checkVersion(expected_version, before);
    const from = appliesFrom(rate_apply, today, 'rate_apply');
    if (from !== null && !sees(actor, 'amounts')) throw accessDenied({}, 'rate_apply');
    const { currency, moved } = await moveClient(call, before, given);
    const { name, code, color, archived, budget, members, rate } = given;
    const billing = given.billing ?? before.billing;
    const kept =
      before.fixed_fee_minor === null || billing !== 'fixed'
        ? null
        : formatAmount(before.fixed_fee_minor, before.currency);
    await tx
      .updateTable('projects')
      .set({
        ...(name === undefined ? {} : { name }),
        ...(code === undefined ? {} : { code }),
        ...(color === undefined ? {} : { color }),
        billing,
        fixed_fee_minor: feeOf(billing, given.fixed_fee === undefined ? kept : given.fixed_fee, currency),
        ...(given.billable === undefined ? {} : { billable_default: given.billable }),
        ...(given.private === undefined ? {} : { private: given.private }),
        ...(given.rounding === undefined
          ? {}
          : { rounding: given.rounding === null ? null : JSON.stringify(given.rounding) }),
        ...(archived === undefined ? {} : { status: archived ? 'archived' : 'active' }),
        version: nextVersion(budget !== undefined || members !== undefined || rate !== undefined),
      })
      .where('id', '=', id)
      .execute();
    await setBudget(call, id, budget, currency);
    await setMembers(call, id, members, currency, from ?? today);
    if (rate !== undefined) {
      const rateMinor = rate === null ? null : parseAmount(rate, currency, 'rate');
      await putRate(call, { level: 'project', targetId: id, currency, rateMinor, from: from ?? today });
    }
    const rerated = from === null ? [] : await rerateProject(tx, id, from, actor.workspace.lock_date);
    const after = await findProject(call, id);
    const affected = new Set([...moved, ...rerated]).size;
    // What changes time asks for the same, whatever it is called.
    if (affected > 0) refuseWithout(actor, ['time:write'], 'projects.update');
    changed({
      id,
      before: storedProject(before, zone),
      after: {
        ...storedProject(after, zone),
        ...(affected === 0 ? {} : { affected_entries: affected, rate_apply }),
      },
    });
    return { project: viewProjectDetail(after, zone), affected_entries: affected };
  },
});
