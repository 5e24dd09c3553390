import { sql } from 'kysely';
import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { projectId, projectInUse } from './project.ts';
import { findProject, storedProject } from './project-view.ts';

export const deleteProject = operation({
  name: 'projects.delete',
  title: 'Delete a project',
  summary: 'Delete a project that has no tasks and no time. Never deletes time.',
  guidance:
    'A deliberate act of the user: ask first. projects.restore brings it back for 30 days. A project in use is archived with projects.update.',
  effect: 'delete',
  needs: { scope: 'projects:write', role: 'admin' },
  input: z.object({ id: projectId, expected_version: expectedVersion }),
  output: z.object({ deleted: projectId.describe('The project that is gone.') }),
  refusals: [projectInUse],
  async handle({ id, expected_version }, call) {
    const { tx, now, zone, changed } = call;
    await lockRow(tx, 'projects', id);
    const project = await findProject(call, id);
    checkVersion(expected_version, project);
    const { rows } = await sql<{ tasks: number; time_entries: number }>`select
      (select count(*) from tasks where project_id = ${id} and deleted_at is null)::int as tasks,
      (select count(*) from time_entries where project_id = ${id} and deleted_at is null)::int as time_entries`.execute(
      tx,
    );
    const uses = rows[0]!;
    if (uses.tasks + uses.time_entries > 0) throw projectInUse(uses);
    await tx.updateTable('projects').set({ deleted_at: now }).where('id', '=', id).execute();
    changed({ id, before: storedProject(project, zone) });
    return { deleted: id };
  },
});
