import type { Id } from '#values/id.ts';

/** What a call says about an entry by hand, beside its times. */
interface ByHand {
  readonly task_id?: Id<'tsk'> | null | undefined;
  readonly project_id?: Id<'prj'> | null | undefined;
  readonly summary?: string | undefined;
  readonly billable?: boolean | undefined;
  readonly rate?: string | null | undefined;
  readonly re_rate?: boolean | undefined;
}

/**
 * What of an entry a person has decided by hand, and rules leave alone unless they are always enforced: project, task, billable, rate
 * and single tags (`tag:<id>`), those put on and those taken off. A task decides its project too; a rate that is asked for anew is
 * nobody’s any more.
 */
export const settledBy = (
  before: readonly string[],
  given: ByHand,
  { projectId, tags }: { projectId: Id<'prj'> | null; tags: readonly Id<'tag'>[] },
): string[] => {
  const task = given.task_id !== undefined || given.summary !== undefined;
  const project = given.project_id !== undefined || (given.task_id != null && projectId !== null);
  const keys = [
    ...(task ? ['task'] : []),
    ...(project ? ['project'] : []),
    ...(given.billable === undefined ? [] : ['billable']),
    ...(given.rate === undefined ? [] : ['rate']),
    ...tags.map((tag) => `tag:${tag}`),
  ];
  const all = new Set([...before, ...keys]);
  if (given.re_rate === true && given.rate === undefined) all.delete('rate');
  return [...all].sort();
};
