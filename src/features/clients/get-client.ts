import { sql } from 'kysely';
import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { visibleWith } from '#operation/visible.ts';
import { projectRef, seesProject } from '#features/projects/project.ts';
import { clientId } from './client.ts';
import { clientDetail, findClient, viewClientDetail } from './client-view.ts';

const mostProjects = 100;

export const getClient = operation({
  name: 'clients.get',
  title: 'Look at a client',
  summary: 'One client: address, contacts, tax number, terms, rate, projects, unbilled time.',
  effect: 'read',
  needs: { scope: 'clients:read', role: 'viewer' },
  input: z.object({ id: clientId }),
  output: z.object({
    client: clientDetail.describe('The client.'),
    projects: visibleWith(
      'projects:read',
      z
        .array(
          projectRef.extend({ status: z.enum(['active', 'archived']).describe('Whether it is in use.') }),
        )
        .describe(`Its projects, active ones first, at most ${mostProjects}; projects.list gives all.`),
    ),
  }),
  async handle({ id }, call) {
    const client = viewClientDetail(await findClient(call, id), call.zone);
    const projects = await call.tx
      .selectFrom('projects')
      .select(['id', 'name', 'status'])
      .where('client_id', '=', id)
      .where('deleted_at', 'is', null)
      .where(seesProject(call.actor, 'projects'))
      .orderBy('status')
      .orderBy(sql`lower(name)`)
      .limit(mostProjects)
      .execute();
    return { client, projects };
  },
});
