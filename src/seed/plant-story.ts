import { createAccount } from '#identity/accounts.ts';
import { houseVia, loadActor } from '#identity/actor.ts';
import { operator } from '#identity/author.ts';
import { addMember } from '#identity/members.ts';
import { createWorkspace } from '#identity/workspaces.ts';
import type { Actor } from '#operation/actor.ts';
import { type House, run } from '#operation/run.ts';
import type { Id } from '#values/id.ts';
import {
  clients,
  days,
  type Email,
  notes,
  own,
  ownProjects,
  people,
  tags,
  timezone,
  workspaces,
} from './story.ts';

type Act = (operation: string, input: object) => Promise<Record<string, { id: string }>>;

/** Calls operations as somebody, the way the pages do, at an instant of the story. */
const acting =
  (house: House, actor: Actor, at: Temporal.Instant, signal?: AbortSignal): Act =>
  async (name, input) => {
    signal?.throwIfAborted();
    const operation = house.operations.find((each) => each.name === name);
    if (operation === undefined) throw new Error(`the story needs ${name}`);
    const then: House = { ...house, clock: () => at };
    return (await run(then, actor, operation, input, {
      id: 'story',
      source: 'web',
      ipPrefix: null,
    })) as Awaited<ReturnType<Act>>;
  };

interface ProjectOfStory {
  readonly name: string;
  readonly tasks: readonly string[];
}

/** Makes projects with their tasks; gives the task ids by summary. */
const plantProjects = async (act: Act, projects: readonly ProjectOfStory[], clientId?: string) => {
  const made = new Map<string, string>();
  for (const { tasks, ...project } of projects) {
    const { project: row } = await act('projects.create', {
      ...project,
      ...(clientId === undefined ? {} : { client_id: clientId }),
    });
    for (const summary of tasks) {
      const { task } = await act('tasks.create', { summary, project_id: row!.id });
      made.set(summary, task!.id);
    }
  }
  return made;
};

/** The same "random" days every time: a small linear congruential generator. */
const dice = (seed: number) => {
  let state = seed;
  return (sides: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
};

const pick = <Item>(items: readonly Item[], index: number): Item => items[index % items.length]!;

/** One working day of somebody: three to five stretches between nine and six, with a lunch break. */
const workday = (
  date: Temporal.PlainDate,
  tasks: readonly string[],
  ids: ReadonlyMap<string, string>,
  roll: (sides: number) => number,
) => {
  const items: object[] = [];
  let minute = 9 * 60 + 5 * roll(6);
  while (minute < 17 * 60) {
    const task = pick(tasks, Math.min(roll(tasks.length), roll(tasks.length)));
    const length = 45 + 15 * roll(8);
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
const log = async (act: Act, items: readonly object[]) => {
  for (let from = 0; from < items.length; from += mostItems) {
    await act('time_entries.bulk_create', { items: items.slice(from, from + mostItems) });
  }
};

/**
 * Plants the story into an empty house, through the same operations that people use: two workspaces, four people with one password,
 * two months of work that end yesterday, and one timer that runs. Throws the reason of `signal` when that is aborted.
 */
export const plantStory = async (house: House, password: string, signal?: AbortSignal): Promise<void> => {
  const now = house.clock();
  const today = now.toZonedDateTimeISO(timezone).toPlainDate();
  const begin = today.subtract({ months: 2 });
  const start = begin.toZonedDateTime({ timeZone: timezone, plainTime: '08:30' }).toInstant();
  const then = { ...house, clock: () => start };
  const ids = new Map<Email, Id<'usr'>>();
  for (const { email, name } of people)
    ids.set(email, await createAccount(then, { email, name, password, timezone }));
  const ownerId = ids.get('mara@example.com')!;
  const made = new Map<string, Id<'wsp'>>();
  for (const [slug, { name, currency }] of Object.entries(workspaces)) {
    made.set(slug, (await createWorkspace(then, { slug, name, currency, timezone, ownerId }, operator)).id);
  }
  for (const { email, role } of people)
    if (role !== 'owner') await addMember(then, 'northwind', email, role, operator);

  const actorIn = (slug: string, email: Email): Promise<Actor> =>
    loadActor(house.database, {
      userId: ids.get(email)!,
      workspaceId: made.get(slug)!,
      via: houseVia('session'),
    });
  const mara = acting(house, await actorIn('northwind', 'mara@example.com'), start, signal);
  for (const tag of tags) await mara('tags.create', tag);
  const tasks = new Map<string, string>();
  const keep = (found: ReadonlyMap<string, string>) => found.forEach((id, summary) => tasks.set(summary, id));
  for (const { projects, ...client } of clients) {
    const { client: row } = await mara('clients.create', client);
    keep(await plantProjects(mara, projects, row!.id));
  }
  keep(await plantProjects(mara, ownProjects));

  for (const [index, [email, mix]] of Object.entries(days).entries()) {
    const roll = dice(index + 1);
    const act = acting(house, await actorIn('northwind', email as Email), now, signal);
    const items: object[] = [];
    for (let date = begin; Temporal.PlainDate.compare(date, today) < 0; date = date.add({ days: 1 })) {
      if (date.dayOfWeek <= 5 && roll(20) > 0) items.push(...workday(date, mix, tasks, roll));
    }
    await log(act, items);
  }
  const noor = acting(house, await actorIn('northwind', 'noor@example.com'), now, signal);
  await noor('timers.start', {
    task_id: tasks.get('Design system'),
    description: 'Icons',
    started_at: now.subtract({ minutes: 40 }).toString(),
  });

  const alone = acting(house, await actorIn('mara', 'mara@example.com'), now, signal);
  const ownTasks = await plantProjects(alone, own.projects);
  const evenings = Array.from({ length: 8 }, (_, week) => begin.add({ weeks: week }).toString()).map(
    (date, index) => ({
      task_id: ownTasks.get(pick(own.tasks, index)),
      date,
      duration: '1:30',
    }),
  );
  await log(alone, evenings);
};
