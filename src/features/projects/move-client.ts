import { sql } from 'kysely';
import type { Call } from '#operation/call.ts';
import { currencyMismatch, openClient } from '#features/clients/client.ts';
import { heldSql, unlockedSql } from '#features/rates/worth.ts';
import { counted } from '#values/counted.ts';
import type { Id } from '#values/id.ts';
import type { ProjectRow } from './project-view.ts';

/** Refuses another currency while there is money of the project in its own. */
const refuseMixture = async (
  { tx, now }: Call,
  project: ProjectRow,
  currency: string,
  why: string,
): Promise<void> => {
  const { rows } = await sql<{ entries: number }>`select count(*)::int as entries from time_entries e
    where e.project_id = ${project.id} and e.rate_minor is not null and ${heldSql('e', now)}`.execute(tx);
  const entries = rows[0]?.entries ?? 0;
  const money = project.fixed_fee_minor !== null || project.budget_kind === 'money';
  if (entries === 0 && !money) return;
  const held = [
    ...(entries === 0 ? [] : [counted(entries, 'unbilled time entry', 'unbilled time entries')]),
    ...(money ? ['its fee or budget'] : []),
  ];
  const because = `The project "${project.name}" cannot change from ${project.currency} to ${currency}${why}: ${held.join(' and ')} would be mixed with it. Bill or clear that first.`;
  throw currencyMismatch({ wanted: project.currency, given: currency, because }, 'currency');
};

/**
 * Moves a project to another client or currency, where that was asked for: its tasks and its unlocked time follow, locked time stays
 * with the old client. Answers the currency it now has and the entries that moved.
 */
export const moveClient = async (
  call: Call,
  project: ProjectRow,
  given: { client_id?: Id<'cli'> | null | undefined; currency?: string | undefined },
): Promise<{ currency: string; moved: string[] }> => {
  const { tx, actor, warn } = call;
  const target = given.client_id === undefined ? project.client_id : given.client_id;
  const moves = target !== project.client_id;
  const opened = moves && target !== null ? await openClient(call, target) : null;
  const name = opened?.name ?? project.client?.name ?? '';
  const wanted =
    target === null ? (given.currency ?? project.currency) : (opened?.currency ?? project.currency);
  if (target !== null && given.currency !== undefined && given.currency !== wanted) {
    const because = `The project is for "${name}", who is billed in ${wanted}, so it cannot be in ${given.currency}. Leave currency out.`;
    throw currencyMismatch({ wanted, given: given.currency, because }, 'currency');
  }
  if (wanted !== project.currency) {
    await refuseMixture(call, project, wanted, opened === null ? '' : ` for "${name}"`);
    await tx.updateTable('projects').set({ currency: wanted }).where('id', '=', project.id).execute();
    warn(`Rates in ${project.currency} no longer apply to this project; set them in ${wanted}.`);
  }
  if (!moves) return { currency: wanted, moved: [] };
  await tx.updateTable('projects').set({ client_id: target }).where('id', '=', project.id).execute();
  await tx.updateTable('tasks').set({ client_id: target }).where('project_id', '=', project.id).execute();
  const { rows } = await sql<{ id: string }>`update time_entries e set client_id = ${target}
    where e.project_id = ${project.id} and e.deleted_at is null and ${unlockedSql('e', actor.workspace.lock_date)}
      returning e.id`.execute(tx);
  const left =
    await sql`select from time_entries e where e.project_id = ${project.id} and e.deleted_at is null
    and e.client_id is distinct from ${target}`.execute(tx);
  if (left.rows.length > 0) {
    warn(
      `${counted(left.rows.length, 'locked time entry stays', 'locked time entries stay')} with the client of that time.`,
    );
  }
  return { currency: wanted, moved: rows.map(({ id }) => id) };
};
