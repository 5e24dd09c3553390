import { z } from 'zod';
import { clientId, currencyMismatch } from '#features/clients/client.ts';
import type { Call } from '#operation/call.ts';
import { type Id, idKinds, idSchema, prefixOf } from '#values/id.ts';
import { notFound, validationFailed } from '#values/refusal.ts';
import type { RateKind, RateLevel } from './rate.ts';
import type { RateTarget } from './rerate.ts';

export const rateLevels = ['workspace', 'member', 'client', 'project', 'project_member', 'task'] as const;
export const rateKind = z.enum(['bill', 'cost']).describe('Billed to clients, or cost of the person.');
export const targetId = z
  .union([clientId, idSchema('prj'), idSchema('tsk')], {
    error: 'must be the id of a client, project or task: cli_…, prj_… or tsk_…',
  })
  .describe('The client, project or task.');
export const rateMember = idSchema('mem').describe('The person, for member and project_member.');

/** What a rate is of, as a call gives it. */
interface Given {
  readonly level: RateLevel;
  readonly target_id?: Id<'cli'> | Id<'prj'> | Id<'tsk'> | undefined;
  readonly member_id?: Id<'mem'> | undefined;
  readonly kind: RateKind;
}

const targets = {
  workspace: { prefix: null, member: false },
  member: { prefix: null, member: true },
  client: { prefix: 'cli', member: false },
  project: { prefix: 'prj', member: false },
  project_member: { prefix: 'prj', member: true },
  task: { prefix: 'tsk', member: false },
} as const satisfies Record<RateLevel, object>;

/** Refuses where what is named is not what a rate of this level is of. */
const refuseMisfit = ({ level, target_id, member_id }: Given): void => {
  const { prefix, member } = targets[level];
  const wrong = (message: string, field: string) => {
    throw validationFailed({ message }, field);
  };
  if (prefix === null && target_id !== undefined)
    wrong(`A rate of level ${level} has no target_id. Leave it out.`, 'target_id');
  if (prefix !== null && (target_id === undefined || prefixOf(target_id) !== prefix)) {
    wrong(`A rate of level ${level} needs the id of a ${idKinds[prefix].noun} as target_id.`, 'target_id');
  }
  if (member && member_id === undefined)
    wrong(`A rate of level ${level} needs member_id: whose rate it is.`, 'member_id');
  if (!member && member_id !== undefined) {
    wrong(
      `A rate of level ${level} has no member_id. For one person use member or project_member.`,
      'member_id',
    );
  }
};

/** The client, project or task of that id, its currency; `not_found` for what is deleted or was never here. */
const currencyOfTarget = async (
  { tx, actor }: Call,
  id: Id<'cli'> | Id<'prj'> | Id<'tsk'>,
): Promise<string> => {
  const kind = prefixOf(id);
  const row =
    kind === 'cli'
      ? await tx
          .selectFrom('clients')
          .select('currency')
          .where('id', '=', id as Id<'cli'>)
          .where('deleted_at', 'is', null)
          .executeTakeFirst()
      : kind === 'prj'
        ? await tx
            .selectFrom('projects')
            .select('currency')
            .where('id', '=', id as Id<'prj'>)
            .where('deleted_at', 'is', null)
            .executeTakeFirst()
        : await tx
            .selectFrom('tasks as t')
            .leftJoin('projects as p', 'p.id', 't.project_id')
            .leftJoin('clients as c', 'c.id', 't.client_id')
            .select((eb) => eb.fn.coalesce('p.currency', 'c.currency').as('currency'))
            .where('t.id', '=', id as Id<'tsk'>)
            .where('t.deleted_at', 'is', null)
            .executeTakeFirst();
  if (row === undefined) throw notFound({}, 'target_id');
  return row.currency ?? actor.workspace.currency;
};

/** Refuses `not_found` for somebody who is not of this workspace. */
export const refuseStranger = async ({ tx }: Pick<Call, 'tx'>, member: Id<'mem'>): Promise<void> => {
  const row = await tx.selectFrom('memberships').select('id').where('id', '=', member).executeTakeFirst();
  if (row === undefined) throw notFound({}, 'member_id');
};

/** What a rate is of and its currency; refuses what does not fit its level, is not there, or would never count in that currency. */
export const findTarget = async (
  call: Call,
  given: Given,
  currency: string | undefined,
): Promise<RateTarget & { currency: string }> => {
  refuseMisfit(given);
  const { level, target_id: target, member_id: member, kind } = given;
  const { workspace } = call.actor;
  const ofWork = target === undefined ? null : await currencyOfTarget(call, target);
  if (member !== undefined) await refuseStranger(call, member);
  const only = kind === 'cost' ? workspace.currency : ofWork;
  if (only !== null && currency !== undefined && currency !== only) {
    const because =
      kind === 'cost'
        ? `Costs are in the workspace's currency, ${only}, so a cost in ${currency} would never count. Give it in ${only}.`
        : `Work of this ${idKinds[prefixOf(target!)!].noun} is billed in ${only}, so a rate in ${currency} would never count. Give it in ${only}.`;
    throw currencyMismatch({ wanted: only, given: currency, because }, 'currency');
  }
  return {
    level,
    targetId: level === 'workspace' ? workspace.id : level === 'member' ? member! : target!,
    membershipId: level === 'project_member' ? member! : null,
    kind,
    currency: only ?? currency ?? workspace.currency,
  };
};
