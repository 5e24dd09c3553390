import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { operation } from '#operation/operation.ts';
import { holdParents, parentDeleted } from '#features/clients/client.ts';
import { notFound } from '#values/refusal.ts';
import { isRestorable } from '#values/restorable.ts';
import { projectId, projectRef } from './project.ts';
import { findProject, storedProject } from './project-view.ts';

export const restoreProject = operation({
  name: 'projects.restore',
  title: 'Bring back a project',
  summary: 'Bring back a project deleted in the last 30 days.',
  effect: 'update',
  needs: { scope: 'projects:write', role: 'admin' },
  input: z.object({ id: projectId }),
  output: z.object({ project: projectRef.describe('The project, as it was; projects.get shows it.') }),
  refusals: [parentDeleted],
  async handle({ id }, call) {
    const { tx, now, zone, changed } = call;
    await lockRow(tx, 'projects', id);
    const project = await findProject(call, id, { deleted: true });
    if (!isRestorable(project.deleted_at, now)) throw notFound({});
    await holdParents(call, { project: null, client: project.client_id });
    await tx.updateTable('projects').set({ deleted_at: null }).where('id', '=', id).execute();
    const row = await findProject(call, id);
    changed({
      id,
      before: { deleted_at: project.deleted_at?.toString() ?? null },
      after: storedProject(row, zone),
    });
    return { project: { id, name: row.name } };
  },
});
