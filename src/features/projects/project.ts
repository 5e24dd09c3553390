import { sql } from 'kysely';
import { z } from 'zod';
import { type Actor, roleCovers } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import { openClient } from '#features/clients/client.ts';
import { counted, countedEntries } from '#values/counted.ts';
import { idSchema, type Id } from '#values/id.ts';
import { notFound, refusal, validationFailed } from '#values/refusal.ts';

export const projectId = idSchema('prj');

/** A project inside another record. */
export const projectRef = z.object({ id: projectId, name: z.string().describe('Its name.') });

export const projectArchived = refusal<{ id: string; name: string }>(
  'project_archived',
  'conflict',
  'The project is archived: nothing new can be put into it.',
  ({ id, name }) =>
    `The project "${name}" (${id}) is archived. Bring it back first: projects.update with archived false.`,
  { fixTool: 'projects.update' },
);

export const projectInUse = refusal<{ tasks: number; time_entries: number }>(
  'project_in_use',
  'conflict',
  'The project has tasks or time.',
  ({ tasks, time_entries }) =>
    `This project has ${counted(tasks, 'task')} and ${countedEntries(time_entries)}, so it cannot be deleted. Archive it instead: projects.update with archived true.`,
  { fixTool: 'projects.update' },
);

/**
 * SQL that holds where somebody may see a project: private ones are for managers and the project's members.
 * `alias` names the projects row; a row that is missing (a left join) counts as seen.
 */
export const seesProject = ({ membership }: Actor, alias: string) =>
  roleCovers(membership.role, 'manager')
    ? sql<boolean>`true`
    : sql<boolean>`(${sql.ref(alias)}.private is not true or exists (select from project_members pm
        where pm.project_id = ${sql.ref(alias)}.id and pm.membership_id = ${membership.id}))`;

/** The project of that id if the caller sees it, archived or not, held against being deleted until the transaction ends; else `not_found`. */
export const visibleProject = async ({ tx, actor }: Call, id: Id<'prj'>) => {
  const row = await tx
    .selectFrom('projects')
    .selectAll()
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .where(seesProject(actor, 'projects'))
    .forShare()
    .executeTakeFirst();
  if (row === undefined) throw notFound({}, 'project_id');
  return row;
};

/** Where a task or a piece of time belongs: a project and the client that follows from it, a client alone, or neither. */
export const placeOf = async (
  call: Call,
  given: { projectId?: Id<'prj'> | null | undefined; clientId?: Id<'cli'> | null | undefined },
) => {
  const project = given.projectId == null ? null : await visibleProject(call, given.projectId);
  if (project?.status === 'archived') {
    throw projectArchived({ id: project.id, name: project.name }, 'project_id');
  }
  if (project !== null && given.clientId != null && given.clientId !== project.client_id) {
    throw validationFailed(
      {
        message: `client_id does not fit: the client follows from the project "${project.name}". Leave client_id out.`,
      },
      'client_id',
    );
  }
  const clientId = project === null ? (given.clientId ?? null) : project.client_id;
  // An archived client takes its projects with it.
  if (clientId !== null) await openClient(call, clientId);
  return { project, projectId: project?.id ?? null, clientId };
};
