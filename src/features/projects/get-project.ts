import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { projectId } from './project.ts';
import { findProject, projectDetail, viewProjectDetail } from './project-view.ts';

export const getProject = operation({
  name: 'projects.get',
  title: 'Look at a project',
  summary: 'One project: client, billing, rates, budget and its use, the people on it.',
  effect: 'read',
  needs: { scope: 'projects:read', role: 'viewer' },
  input: z.object({ id: projectId }),
  output: z.object({ project: projectDetail.describe('The project.') }),
  async handle({ id }, call) {
    return { project: viewProjectDetail(await findProject(call, id), call.zone) };
  },
});
