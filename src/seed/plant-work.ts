import type { Act } from './acting.ts';
import { aboutTasks, notes } from './story.ts';

interface ProjectOfStory {
  readonly name: string;
  readonly tasks: readonly string[];
}

/** Makes projects with their tasks; gives the task ids by summary. */
export const plantProjects = async (act: Act, projects: readonly ProjectOfStory[], clientId?: string) => {
  const made = new Map<string, string>();
  for (const { tasks, ...project } of projects) {
    const { project: row } = await act('projects.create', {
      ...project,
      ...(clientId === undefined ? {} : { client_id: clientId }),
    });
    for (const summary of tasks) {
      const { task } = await act('tasks.create', { summary, project_id: row!.id, ...aboutTasks[summary] });
      made.set(summary, task!.id);
    }
  }
  return made;
};

/** The same "random" days every time: a small linear congruential generator. */
export const dice = (seed: number) => {
  let state = seed;
  return (sides: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
};

export const pick = <Item>(items: readonly Item[], index: number): Item => items[index % items.length]!;

/** One working day of somebody: three to five stretches between nine and six, with a lunch break. */
export const workday = (
  date: Temporal.PlainDate,
  tasks: readonly string[],
  ids: ReadonlyMap<string, string>,
  roll: (sides: number) => number,
) => {
  const items: object[] = [];
  let minute = 9 * 60 + 5 * roll(6);
  while (minute < 17 * 60) {
    const task = pick(tasks, Math.min(roll(tasks.length), roll(tasks.length)));
    const length = 45 + 5 * roll(24);
    const at = (total: number) =>
      `${date.toString()}T${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`;
    const description = notes[task] === undefined ? '' : pick(notes[task], roll(4));
    items.push({
      task_id: ids.get(task),
      started_at: at(minute),
      ended_at: at(minute + length),
      description,
    });
    const next = minute + length + 5 * roll(3);
    minute = minute < 12 * 60 && next >= 12 * 60 ? next + 45 : next;
  }
  return items;
};

const mostItems = 200;
/** Logs many entries in few calls. */
export const log = async (act: Act, items: readonly object[]) => {
  for (let from = 0; from < items.length; from += mostItems) {
    await act('time_entries.bulk_create', { items: items.slice(from, from + mostItems) });
  }
};
