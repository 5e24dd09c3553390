import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import { putRate, rateInput } from '#features/rates/rate.ts';
import { type Id, idSchema, newId } from '#values/id.ts';
import { moneyInput, parseAmount } from '#values/money.ts';
import { notFound, validationFailed } from '#values/refusal.ts';
import { roundingPolicy } from '#values/rounding.ts';

export const projectName = z.string().trim().min(1).max(200).describe('Name.');

const budgetInput = z
  .strictObject({
    kind: z.enum(['seconds', 'money']).describe('What is limited.'),
    seconds: z
      .number()
      .int()
      .min(1)
      .max(10 ** 9)
      .optional()
      .describe('The limit, of kind seconds.'),
    amount: moneyInput.optional().describe('The limit, of kind money.'),
    period: z.enum(['total', 'month']).default('total').describe('Over all, or per calendar month.'),
    alert_percents: z
      .array(z.number().int().min(1).max(1000))
      .max(10)
      .default([50, 80, 100])
      .describe('Shares from which a write warns.'),
    hard_stop: z.boolean().default(false).describe('Refuse time beyond it.'),
  })
  .describe('Limit of its time or money.');

/** What a project may have beside its name and client. In an update null clears. */
export const projectFields = {
  code: z.string().trim().min(1).max(40).nullish().describe('Short code.'),
  color: z.number().int().min(0).max(16).optional().describe('0 to 16 of the palette.'),
  billing: z
    .enum(['hourly', 'fixed', 'non_billable'])
    .optional()
    .describe('How it is billed; hourly if new.'),
  billable: z.boolean().optional().describe('Whether its time is, unless said otherwise.'),
  rate: rateInput.nullish(),
  fixed_fee: moneyInput.nullish().describe('Price of billing fixed, decimal text.'),
  budget: budgetInput.nullish(),
  rounding: roundingPolicy.nullish(),
  private: z.boolean().optional().describe('Only its members and managers see it.'),
  members: z
    .array(
      z.strictObject({
        member_id: idSchema('mem'),
        is_manager: z.boolean().default(false).describe('May change the project.'),
        rate: rateInput.nullish().describe('Their own rate here, per hour.'),
      }),
    )
    .max(200)
    .optional()
    .describe('People assigned to it; replaces the list.'),
};

type Fields = z.output<z.ZodObject<typeof projectFields>>;

/** The fee that fits the billing: fixed has one, nothing else may. Minor units of `currency`. */
export const feeOf = (
  billing: 'hourly' | 'fixed' | 'non_billable',
  fee: string | null,
  currency: string,
): bigint | null => {
  if (billing === 'fixed' && fee === null) {
    throw validationFailed({ message: 'A project with billing fixed needs a fixed_fee.' }, 'fixed_fee');
  }
  if (billing !== 'fixed' && fee !== null) {
    throw validationFailed(
      {
        message: `fixed_fee goes with billing fixed, not ${billing}. Set billing fixed, or leave fixed_fee out.`,
      },
      'fixed_fee',
    );
  }
  return fee === null ? null : parseAmount(fee, currency, 'fixed_fee');
};

/** Replaces or removes the budget of a project, where one was given. */
export const setBudget = async (
  { tx, now }: Call,
  id: Id<'prj'>,
  budget: Fields['budget'],
  currency: string,
): Promise<void> => {
  if (budget === undefined) return;
  await tx.deleteFrom('budgets').where('project_id', '=', id).execute();
  if (budget === null) return;
  const { kind, seconds, amount, period, alert_percents, hard_stop } = budget;
  const other = kind === 'seconds' ? amount : seconds;
  const limit = kind === 'seconds' ? seconds : amount;
  if (limit === undefined || other !== undefined) {
    const word = kind === 'seconds' ? 'seconds' : 'amount';
    throw validationFailed(
      { message: `A budget of kind ${kind} has ${word} and nothing else as its limit.` },
      'budget',
    );
  }
  const size = typeof limit === 'number' ? BigInt(limit) : parseAmount(limit, currency, 'budget.amount');
  if (size === 0n)
    throw validationFailed({ message: 'budget.amount must be more than zero.' }, 'budget.amount');
  await tx
    .insertInto('budgets')
    .values({ id: newId('bud', now), project_id: id, kind, amount: size, period, alert_percents, hard_stop })
    .execute();
};

/** Replaces the people on a project, where any were given, and sets the rates given with them. */
export const setMembers = async (
  call: Call,
  id: Id<'prj'>,
  members: Fields['members'],
  currency: string,
  from: Temporal.PlainDate = call.today,
): Promise<void> => {
  const { tx } = call;
  if (members === undefined) return;
  const ids = members.map(({ member_id }) => member_id);
  if (new Set(ids).size < ids.length) {
    throw validationFailed({ message: 'members names somebody twice.' }, 'members');
  }
  await tx.deleteFrom('project_members').where('project_id', '=', id).execute();
  if (ids.length === 0) return;
  const known = await tx.selectFrom('memberships').select('id').where('id', 'in', ids).execute();
  if (known.length < ids.length) throw notFound({}, 'members');
  await tx
    .insertInto('project_members')
    .values(
      members.map(({ member_id, is_manager }) => ({ project_id: id, membership_id: member_id, is_manager })),
    )
    .execute();
  for (const [index, { member_id, rate }] of members.entries()) {
    if (rate === undefined) continue;
    const rateMinor = rate === null ? null : parseAmount(rate, currency, `members[${index}].rate`);
    const target = { level: 'project_member', targetId: id, membershipId: member_id } as const;
    await putRate(call, { ...target, currency, rateMinor, from });
  }
};
