import type { TestHouse } from './house.ts';
import { call, makeWorkspace } from './people.ts';
import { makeProject } from './time.ts';
import { logTime } from './work.ts';

export const hour = 3600;

/** A workspace with a project "Website" of that budget, 10 hours and a hard stop unless said otherwise. */
export const makeBudgeted = async (house: TestHouse, budget: object = {}, settings: object = {}) => {
  const workspace = await makeWorkspace(house, { settings });
  const project_id = await makeProject(house, workspace.noor, {
    name: 'Website',
    rate: '100',
    budget: { kind: 'seconds', seconds: 10 * hour, hard_stop: true, ...budget },
  });
  const used = async (): Promise<number> => {
    const answer = await call<{ project: { budget: { used: { seconds: number } } } }>(
      house,
      workspace.noor,
      'projects.get',
      { id: project_id },
    );
    return answer.project.budget.used.seconds;
  };
  const spend = (hours: number, on = '2026-10-20') =>
    logTime(house, workspace.teo, { projectId: project_id, seconds: hours * hour, on, rate: 10_000n });
  return { ...workspace, project_id, used, spend };
};
/** What `makeBudgeted` makes. */
export type Budgeted = Awaited<ReturnType<typeof makeBudgeted>>;
