import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { visibleWith } from '#operation/visible.ts';
import { clientId } from '#features/clients/client.ts';
import { type Id, idSchema } from '#values/id.ts';
import { dateInput } from '#values/local-time.ts';
import { amountText, currencyText, formatAmount } from '#values/money.ts';
import { notFound, validationFailed } from '#values/refusal.ts';
import { rateChain, type RateStep } from './rate-chain.ts';
import { rateKind, rateLevels, refuseStranger } from './rate-target.ts';
import { rateId } from './rate-view.ts';

const place = {
  entry_id: idSchema('ten').optional().describe('A time entry: its work, person and day. Give nothing else.'),
  member_id: idSchema('mem').optional().describe('Who works; default the user.'),
  task_id: idSchema('tsk').optional().describe('On which task.'),
  project_id: idSchema('prj').optional().describe('On which project, without a task.'),
  client_id: clientId.optional().describe('For which client, without task or project.'),
  at: dateInput.optional().describe('Day of the work, YYYY-MM-DD; default today.'),
};
type Given = z.output<z.ZodObject<typeof place>>;

/** A piece of work as the cascade looks at it, and the rate that its entry has of its own. */
interface Found {
  membershipId: Id<'mem'>;
  taskId: Id<'tsk'> | null;
  projectId: Id<'prj'> | null;
  clientId: Id<'cli'> | null;
  on: Temporal.PlainDate;
  own: { source: 'entry' | 'rule'; rateMinor: bigint; currency: string } | null;
}

const ofEntry = async ({ tx }: Call, id: Id<'ten'>): Promise<Found> => {
  const row = await tx
    .selectFrom('time_entries')
    .select([
      'membership_id',
      'task_id',
      'project_id',
      'client_id',
      'local_date',
      'rate_source',
      'rate_minor',
      'currency',
    ])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw notFound({}, 'entry_id');
  const { rate_source: source, rate_minor: rateMinor, currency } = row;
  const byHand = (source === 'entry' || source === 'rule') && rateMinor !== null && currency !== null;
  return {
    membershipId: row.membership_id,
    taskId: row.task_id,
    projectId: row.project_id,
    clientId: row.client_id,
    on: row.local_date,
    own: byHand ? { source, rateMinor, currency } : null,
  };
};

const ofWork = async (call: Call, given: Given): Promise<Found> => {
  const { tx, actor, today } = call;
  if (given.member_id !== undefined) await refuseStranger(call, given.member_id);
  const task =
    given.task_id === undefined
      ? null
      : await tx
          .selectFrom('tasks')
          .select(['id', 'project_id', 'client_id'])
          .where('id', '=', given.task_id)
          .where('deleted_at', 'is', null)
          .executeTakeFirst();
  if (task === undefined) throw notFound({}, 'task_id');
  const inProject = task?.project_id ?? given.project_id ?? null;
  const project =
    inProject === null
      ? null
      : await tx
          .selectFrom('projects')
          .select(['id', 'client_id'])
          .where('id', '=', inProject)
          .where('deleted_at', 'is', null)
          .executeTakeFirst();
  if (project === undefined) throw notFound({}, 'project_id');
  const forClient = project === null ? (task?.client_id ?? given.client_id ?? null) : project.client_id;
  const client =
    forClient === null
      ? null
      : await tx
          .selectFrom('clients')
          .select('id')
          .where('id', '=', forClient)
          .where('deleted_at', 'is', null)
          .executeTakeFirst();
  if (client === undefined) throw notFound({}, 'client_id');
  return {
    membershipId: given.member_id ?? actor.membership.id,
    taskId: task?.id ?? null,
    projectId: project?.id ?? null,
    clientId: client?.id ?? null,
    on: given.at === undefined ? today : Temporal.PlainDate.from(given.at),
    own: null,
  };
};

const refuseMixture = (given: Given): void => {
  const { entry_id, ...others } = given;
  if (entry_id !== undefined && Object.values(others).some((value) => value !== undefined)) {
    throw validationFailed(
      { message: 'entry_id says who worked, on what and when: give nothing but kind beside it.' },
      'entry_id',
    );
  }
  const { task_id, project_id, client_id } = given;
  const wheres = [task_id, project_id, client_id].filter((id) => id !== undefined);
  if (wheres.length > 1) {
    throw validationFailed(
      {
        message:
          'Give one of task_id, project_id and client_id: the project and client of a task follow from it.',
      },
      'task_id',
    );
  }
};

const outcomes = ['used', 'passed_over', 'ended', 'other_currency', 'none', 'not_asked'] as const;

const outcomeOf = (step: RateStep, decided: boolean): (typeof outcomes)[number] => {
  if (step.target === null) return 'not_asked';
  if (step.rateMinor !== null) return decided ? 'passed_over' : 'used';
  if (step.rateId !== null) return 'ended';
  return step.others.length > 0 ? 'other_currency' : 'none';
};

export const resolveRate = operation({
  name: 'rates.resolve',
  title: 'Find the rate that applies',
  summary:
    'Find which rate applies to a piece of work on a day, and why: every level asked, and what it had.',
  effect: 'read',
  needs: { scope: 'rates:read', role: 'manager' },
  input: z.object({ ...place, kind: rateKind.default('bill') }),
  output: z.object({
    rate: visibleWith('costs', amountText.nullable().describe('Per hour; null: no level has one.')),
    currency: currencyText,
    source: z.enum(['entry', 'rule', ...rateLevels, 'none']).describe('The level that gave it.'),
    chain: z
      .array(
        z.object({
          level: z.enum(['entry', 'rule', ...rateLevels]).describe('Level asked.'),
          target_id: z.string().nullable().describe('What of; null: the work has none.'),
          member_id: idSchema('mem').nullable().describe('Whose, of project_member.'),
          outcome: z.enum(outcomes).describe('Whether it counted; passed_over: another came before.'),
          rate_id: rateId.nullable().describe('The rate it has.'),
          rate: visibleWith('costs', amountText.nullable().describe('Per hour, that day.')),
          valid_from: z.string().nullable().describe('First day; null: since ever.'),
          other_currencies: z
            .array(z.string().describe('A currency.'))
            .describe('Where it has rates that do not count.'),
        }),
      )
      .describe('The levels, most particular first.'),
  }),
  async handle({ kind, ...given }, call) {
    refuseMixture(given);
    const { own, ...work } =
      given.entry_id === undefined ? await ofWork(call, given) : await ofEntry(call, given.entry_id);
    const steps = await rateChain(call.tx, { ...work, kind });
    return explain(steps, kind === 'bill' ? own : null, given.entry_id ?? null);
  },
});

const explain = (steps: readonly RateStep[], own: Found['own'], entry: string | null) => {
  const used = own === null ? steps.find(({ rateMinor }) => rateMinor !== null) : undefined;
  const currency = own?.currency ?? steps[0]!.currency;
  const amount = own?.rateMinor ?? used?.rateMinor ?? null;
  const first =
    own === null
      ? []
      : [
          {
            level: own.source,
            target_id: entry,
            member_id: null,
            outcome: 'used' as const,
            rate_id: null,
            rate: formatAmount(own.rateMinor, own.currency),
            valid_from: null,
            other_currencies: [],
          },
        ];
  return {
    rate: amount === null ? null : formatAmount(amount, currency),
    currency,
    source: own?.source ?? used?.level ?? ('none' as const),
    chain: [
      ...first,
      ...steps.map((step) => ({
        level: step.level,
        target_id: step.target,
        member_id: step.person,
        outcome: outcomeOf(step, own !== null || (used !== undefined && step !== used)),
        rate_id: step.rateId,
        rate: step.rateMinor === null ? null : formatAmount(step.rateMinor, step.currency),
        valid_from: step.validFrom?.toString() ?? null,
        other_currencies: step.others,
      })),
    ],
  };
};
