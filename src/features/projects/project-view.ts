import { type RawBuilder, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import type { ProjectsRow } from '#database/rows.ts';
import type { Call } from '#operation/call.ts';
import { visibleWith } from '#operation/visible.ts';
import { clientRef, clientRefSql } from '#features/clients/client.ts';
import { rateOn, rateText } from '#features/rates/rate.ts';
import { type Id, idSchema } from '#values/id.ts';
import { momentText } from '#values/local-time.ts';
import { amountText, currencyText, formatAmount } from '#values/money.ts';
import { notFound } from '#values/refusal.ts';
import { type RoundingPolicy, roundingPolicy } from '#values/rounding.ts';
import { budgetUseSql } from './budget.ts';
import { projectId, seesProject } from './project.ts';

const budgetView = z
  .object({
    kind: z.enum(['seconds', 'money']).describe('What is limited.'),
    seconds: z.number().int().nullable().describe('The limit, of kind seconds.'),
    amount: visibleWith('amounts', amountText.nullable().describe('The limit, of kind money.')),
    period: z.enum(['total', 'month']).describe('Over all, or per calendar month.'),
    hard_stop: z.boolean().describe('Whether time beyond it is refused.'),
    alert_percents: z.array(z.number().int()).describe('Shares from which a write warns.'),
    used: visibleWith(
      'time:read',
      z
        .object({
          seconds: z.number().int().describe('Time in the period.'),
          amount: visibleWith('amounts', amountText.describe('Worth of its billable time.')),
          percent: visibleWith('amounts', z.number().int().describe('Share of the limit, rounded down.')),
        })
        .describe('Use in the current period.'),
    ),
  })
  .describe('The budget.');

/** A project in a list. */
export const projectView = z.object({
  id: projectId,
  name: z.string().describe('Its name.'),
  code: z.string().nullable().describe('Short code.'),
  client: visibleWith('clients:read', clientRef.nullable().describe('Whom it is for.')),
  color: z.number().int().describe('0 to 16 of the palette.'),
  status: z.enum(['active', 'archived']).describe('Nothing new goes into an archived one.'),
  billing: z.enum(['hourly', 'fixed', 'non_billable']).describe('How it is billed.'),
  billable: z.boolean().describe('Whether its time is, unless said otherwise.'),
  private: z.boolean().describe('Only its members and managers see a private one.'),
  currency: currencyText,
  rate: visibleWith('amounts', rateText.nullable()),
  fixed_fee: visibleWith('amounts', amountText.nullable().describe('Price of a fixed one.')),
  budget: budgetView.nullable(),
  updated_at: z.string().describe('Last change.'),
  version: z.number().int().describe('Give it as expected_version.'),
});

/** A project with the people on it. */
export const projectDetail = projectView.extend({
  members: visibleWith(
    'members:read',
    z
      .array(
        z.object({
          member_id: idSchema('mem'),
          name: z.string().describe('Name.'),
          is_manager: z.boolean().describe('May change the project.'),
          rate: visibleWith('amounts', rateText.nullable().describe('Their own rate here, per hour.')),
        }),
      )
      .describe('People assigned to it.'),
  ),
  rounding: roundingPolicy.nullable().describe('Null: as its client or the workspace says.'),
  created_at: z.string().describe('When it was made.'),
});

interface Found extends Selectable<ProjectsRow> {
  sort_key: string;
  client: z.output<typeof clientRef> | null;
  rate_minor: bigint | null;
  budget_kind: 'seconds' | 'money' | null;
  budget_amount: bigint;
  budget_period: 'total' | 'month';
  hard_stop: boolean;
  alert_percents: number[];
  used_seconds: bigint;
  used_minor: string;
}
interface Member {
  membership_id: Id<'mem'>;
  name: string;
  is_manager: boolean;
  rate_minor: bigint | null;
}
/** A row with the people on it, where one project was asked for. */
export interface ProjectRow extends Found {
  members?: Member[];
}

/** The projects that `chosen` selects (projects.* and sort_key) with client, rate and budget; `order` refers to them as p. */
export const projectRows = async (
  tx: Transaction,
  chosen: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
  today: Temporal.PlainDate,
): Promise<Found[]> => {
  const { rows } = await sql<Found>`
    select p.*, ${clientRefSql('c')} as client, ${rateOn('project', sql`p.id`, sql`p.currency`, today)} as rate_minor,
      b.kind as budget_kind, b.amount as budget_amount, b.period as budget_period, b.hard_stop, b.alert_percents,
      u.seconds as used_seconds, u.minor::text as used_minor
    from (${chosen}) p left join clients c on c.id = p.client_id left join budgets b on b.project_id = p.id
      left join lateral (${budgetUseSql(today)}) u on true
    order by ${order}`.execute(tx);
  return rows;
};

// A budget of a cent can be passed so far that no number says it exactly: then it is "very far".
const farthest = BigInt(Number.MAX_SAFE_INTEGER);
const percentOf = (used: bigint, limit: bigint): number => {
  const percent = (used * 100n) / limit;
  return Number(percent < farthest ? percent : farthest);
};

const viewBudget = (row: Found): z.input<typeof budgetView> | null => {
  const { budget_kind: kind, budget_amount: limit, used_seconds, currency } = row;
  if (kind === null) return null;
  const used_minor = BigInt(row.used_minor);
  const used = kind === 'seconds' ? used_seconds : used_minor;
  return {
    kind,
    seconds: kind === 'seconds' ? Number(limit) : null,
    amount: kind === 'money' ? formatAmount(limit, currency) : null,
    period: row.budget_period,
    hard_stop: row.hard_stop,
    alert_percents: row.alert_percents,
    used: {
      seconds: Number(used_seconds),
      amount: formatAmount(used_minor, currency),
      percent: percentOf(used, limit),
    },
  };
};

/** A row as a `projectView`. */
export const viewProject = (row: Found, zone: string): z.input<typeof projectView> => ({
  id: row.id,
  name: row.name,
  code: row.code,
  client: row.client,
  color: row.color,
  status: row.status,
  billing: row.billing,
  billable: row.billable_default,
  private: row.private,
  currency: row.currency,
  rate: row.rate_minor === null ? null : formatAmount(row.rate_minor, row.currency),
  fixed_fee: row.fixed_fee_minor === null ? null : formatAmount(row.fixed_fee_minor, row.currency),
  budget: viewBudget(row),
  updated_at: momentText(row.updated_at, zone),
  version: row.version,
});

/** A row of `findProject` as a `projectDetail`. */
export const viewProjectDetail = (row: ProjectRow, zone: string): z.input<typeof projectDetail> => ({
  ...viewProject(row, zone),
  members: (row.members ?? []).map(({ membership_id, name, is_manager, rate_minor }) => ({
    member_id: membership_id,
    name,
    is_manager,
    rate: rate_minor === null ? null : formatAmount(rate_minor, row.currency),
  })),
  rounding: row.rounding as RoundingPolicy | null,
  created_at: momentText(row.created_at, zone),
});

/** The project of that id with the people on it, if the caller sees it; else `not_found`. With `deleted` also a deleted one. */
export const findProject = async (
  { tx, actor, today }: Call,
  id: Id<'prj'>,
  { deleted = false } = {},
): Promise<ProjectRow> => {
  const chosen = sql`select p.*, '' as sort_key from projects p
    where p.id = ${id} and (p.deleted_at is null or ${deleted}) and ${seesProject(actor, 'p')}`;
  const [row] = await projectRows(tx, chosen, sql`p.id`, today);
  if (row === undefined) throw notFound({});
  const { rows: members } = await sql<Member>`
    select pm.membership_id, coalesce(m.display_name, u.name, '') as name, pm.is_manager, (select r.rate_minor from rates r
      where r.level = 'project_member' and r.target_id = pm.project_id and r.membership_id = pm.membership_id and r.kind = 'bill'
        and r.currency = ${row.currency} and r.valid_from <= ${today}::date order by r.valid_from desc limit 1) as rate_minor
    from project_members pm join memberships m on m.id = pm.membership_id left join users u on u.id = m.user_id
    where pm.project_id = ${id} order by lower(coalesce(m.display_name, u.name)), pm.membership_id`.execute(
    tx,
  );
  return { ...row, members };
};

/** A project as the audit log keeps it: what was said about it, nothing that moves with the clock. */
export const storedProject = (row: ProjectRow, zone: string) => {
  const { budget, ...facts } = viewProjectDetail(row, zone);
  if (budget === null) return { ...facts, budget };
  const { used: _, ...limit } = budget;
  return { ...facts, budget: limit };
};
