import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import { clientRef } from '#features/clients/client.ts';
import { projectRef } from '#features/projects/project.ts';
import { visibleWith } from '#operation/visible.ts';
import { type Id, idSchema } from '#values/id.ts';
import { amountText, currencyText, formatAmount } from '#values/money.ts';
import { notFound } from '#values/refusal.ts';
import type { RateKind, RateLevel } from './rate.ts';
import { rateLevels } from './rate-target.ts';

export const rateId = idSchema('rat');

/** A rate with the days it holds. */
export const rateView = z.object({
  id: rateId,
  level: z.enum(rateLevels).describe('Level of the cascade.'),
  client: visibleWith('clients:read', clientRef.nullable().describe('Of level client.')),
  project: visibleWith('projects:read', projectRef.nullable().describe('Of levels project, project_member.')),
  task: visibleWith(
    'tasks:read',
    z
      .object({ id: idSchema('tsk'), summary: z.string().describe('What it is.') })
      .nullable()
      .describe('Of level task.'),
  ),
  member_id: idSchema('mem').nullable().describe('Of levels member, project_member.'),
  member_name: visibleWith('members:read', z.string().nullable().describe('Their name.')),
  kind: z.enum(['bill', 'cost']).describe('Billed, or cost.'),
  currency: currencyText,
  rate: visibleWith('costs', amountText.nullable().describe('Per hour; null: none from this day on.')),
  valid_from: z.string().nullable().describe('First day; null: since ever.'),
  valid_until: z.string().nullable().describe('Last day; null: open.'),
});

/** A rate as it is read, with its place in the list. */
export interface RateRow {
  id: Id<'rat'>;
  level: RateLevel;
  target_id: string;
  membership_id: Id<'mem'> | null;
  kind: RateKind;
  currency: string;
  rate_minor: bigint | null;
  valid_from: Temporal.PlainDate | null;
  valid_until: Temporal.PlainDate | null;
  target_name: string | null;
  member_name: string | null;
  sort_key: string;
}

/** The rates that `where` chooses (of r, and valid_until of it), in the order of sort_key. Those of deleted clients, projects and tasks are left out. */
export const rateRows = async (
  tx: Transaction,
  where: RawBuilder<unknown>,
  limit: number,
): Promise<RateRow[]> => {
  const { rows } = await sql<RateRow>`
    select r.*, coalesce(c.name, p.name, t.summary) as target_name, coalesce(m.display_name, u.name) as member_name
    from (select r.*, (lead(r.valid_from) over (partition by r.level, r.target_id, r.membership_id, r.kind, r.currency
        order by r.valid_from) - 1) as valid_until,
        concat_ws(' ', array_position(array['workspace', 'member', 'client', 'project', 'project_member', 'task'], r.level),
          r.target_id, coalesce(r.membership_id, '-'), r.kind, r.currency,
          to_char(greatest(r.valid_from, '0001-01-01'), 'YYYY-MM-DD')) collate "C" as sort_key
      from rates r) r
    left join clients c on r.level = 'client' and c.id = r.target_id and c.deleted_at is null
    left join projects p on r.level in ('project', 'project_member') and p.id = r.target_id and p.deleted_at is null
    left join tasks t on r.level = 'task' and t.id = r.target_id and t.deleted_at is null
    left join memberships m on m.id = case r.level when 'member' then r.target_id else r.membership_id end
    left join users u on u.id = m.user_id
    where (r.level in ('workspace', 'member') or coalesce(c.id, p.id, t.id) is not null) and ${where}
    order by r.sort_key limit ${limit}`.execute(tx);
  return rows;
};

/** A row as a `rateView`. */
export const viewRate = (row: RateRow): z.input<typeof rateView> => {
  const { level, target_id: id, target_name: name } = row;
  const ofProject = level === 'project' || level === 'project_member';
  return {
    id: row.id,
    level,
    client: level === 'client' ? { id: id as Id<'cli'>, name: name ?? '' } : null,
    project: ofProject ? { id: id as Id<'prj'>, name: name ?? '' } : null,
    task: level === 'task' ? { id: id as Id<'tsk'>, summary: name ?? '' } : null,
    member_id: level === 'member' ? (id as Id<'mem'>) : row.membership_id,
    member_name: row.member_name,
    kind: row.kind,
    currency: row.currency,
    rate: row.rate_minor === null ? null : formatAmount(row.rate_minor, row.currency),
    valid_from: row.valid_from?.toString() ?? null,
    valid_until: row.valid_until?.toString() ?? null,
  };
};

/** The rate of that id, or `not_found`. */
export const findRate = async (tx: Transaction, id: Id<'rat'>): Promise<RateRow> => {
  const [row] = await rateRows(tx, sql`r.id = ${id}`, 1);
  if (row === undefined) throw notFound({});
  return row;
};
