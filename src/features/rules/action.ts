import type { Id } from '#values/id.ts';
import type { Facts } from './condition.ts';
import { currencyOfWork, type World } from './rule-world.ts';

/** One thing that a rule does, as it is stored: exactly one key, and `currency` beside `set_rate`. */
export interface Action {
  readonly add_tag?: Id<'tag'>;
  readonly remove_tag?: Id<'tag'>;
  readonly set_project?: Id<'prj'>;
  readonly set_task?: Id<'tsk'>;
  readonly set_billable?: boolean;
  /** Minor units as text, for JSON has no bigint. */
  readonly set_rate?: string;
  readonly currency?: string;
  readonly append_note?: string;
}

/** The longest a description gets. */
const longestText = 2000;

/** Why an action was left out. */
export const skips = {
  set_by_hand: 'a person set it by hand',
  enforced_otherwise: 'a rule that is always enforced says otherwise',
  project_archived: 'its project is archived',
  project_gone: 'its project is gone',
  task_gone: 'its task is gone',
  tag_archived: 'its tag is archived',
  tag_gone: 'its tag is gone',
  other_currency: 'the work is in another currency',
  too_long: 'the description would be too long',
} as const;
export type Skip = keyof typeof skips;

/** What an action has to know beside the facts. */
export interface Acting {
  readonly ruleId: string;
  /** Does not ask what a person set by hand. */
  readonly enforced: boolean;
  /** For a rule of somebody’s own: it sees what they see. */
  readonly ownOf: Id<'mem'> | null;
  readonly world: World;
  /** The time is new, or a timer until now: what only follows from its project follows. */
  readonly follows: boolean;
  /** What rules that are always enforced have said in this pass; `billable` also once any rule has said it. */
  readonly claimed: Set<string>;
  readonly ruled: Set<string>;
}

/** Facts after an action, or why it was left out. The very same facts where there was nothing to do. */
export type Done = Facts | Skip;

const sorted = <Text extends string>(texts: readonly Text[]): Text[] => [...new Set(texts)].sort();

const heldBack = (facts: Facts, keys: readonly string[], { enforced, claimed }: Acting): Skip | null => {
  if (enforced) return null;
  if (keys.some((key) => facts.settled.includes(key))) return 'set_by_hand';
  return keys.some((key) => claimed.has(key)) ? 'enforced_otherwise' : null;
};

const claim = ({ enforced, claimed }: Acting, ...keys: string[]): void => {
  if (enforced) for (const key of keys) claimed.add(key);
};

const withTag = (facts: Facts, tag: Id<'tag'>, wanted: boolean, acting: Acting): Done => {
  const key = `tag:${tag}`;
  if (facts.tags.includes(tag) === wanted) {
    claim(acting, key);
    return facts;
  }
  const state = acting.world.tags.get(tag)?.state ?? 'gone';
  if (wanted && state !== 'open') return `tag_${state}`;
  const held = heldBack(facts, [key], acting);
  if (held !== null) return held;
  claim(acting, key);
  return {
    ...facts,
    tags: wanted ? sorted([...facts.tags, tag]) : facts.tags.filter((each) => each !== tag),
  };
};

const defaultOf = (world: World, project: string | null): boolean =>
  world.projects.get(project ?? '')?.billable ?? true;

/** Puts time elsewhere; a default that it had from its old project becomes that of the new one. */
const placed = (
  facts: Facts,
  place: Pick<Facts, 'taskId' | 'taskSummary' | 'projectId' | 'clientId'>,
  { world, follows, claimed, ruled }: Acting,
): Facts => {
  const byDefault =
    follows &&
    !facts.settled.includes('billable') &&
    !claimed.has('billable') &&
    !ruled.has('billable') &&
    facts.billable === defaultOf(world, facts.projectId);
  return { ...facts, ...place, ...(byDefault ? { billable: defaultOf(world, place.projectId) } : {}) };
};

const openProject = (id: Id<'prj'>, { world, ownOf }: Acting): Skip | null => {
  const project = world.projects.get(id);
  const seen = project?.private !== true || ownOf === null || project.members.includes(ownOf);
  if (project === undefined || project.state === 'gone' || !seen) return 'project_gone';
  return project.state === 'archived' ? 'project_archived' : null;
};

const intoProject = (facts: Facts, id: Id<'prj'>, acting: Acting): Done => {
  if (facts.projectId === id) {
    claim(acting, 'project');
    return facts;
  }
  const shut = openProject(id, acting) ?? heldBack(facts, ['project'], acting);
  if (shut !== null) return shut;
  claim(acting, 'project');
  // A task without a project can stay: its time may be in any. One of another project cannot.
  const task = acting.world.tasks.get(facts.taskId ?? '');
  const stays = task !== undefined && (task.project_id === null || task.project_id === id);
  const clientId = acting.world.projects.get(id)?.client_id ?? null;
  const left = stays ? {} : { taskId: null, taskSummary: null };
  return placed(
    facts,
    { taskId: facts.taskId, taskSummary: facts.taskSummary, ...left, projectId: id, clientId },
    acting,
  );
};

const intoTask = (facts: Facts, id: Id<'tsk'>, acting: Acting): Done => {
  if (facts.taskId === id) {
    claim(acting, 'task');
    return facts;
  }
  const task = acting.world.tasks.get(id);
  if (task === undefined || task.state === 'gone') return 'task_gone';
  const projectId = task.project_id ?? facts.projectId;
  const moves = projectId !== facts.projectId;
  const shut =
    (moves && projectId !== null ? openProject(projectId, acting) : null) ??
    heldBack(facts, moves ? ['task', 'project'] : ['task'], acting);
  if (shut !== null) return shut;
  claim(acting, 'task', ...(task.project_id === null ? [] : ['project']));
  const clientId =
    projectId === null ? task.client_id : (acting.world.projects.get(projectId)?.client_id ?? null);
  return placed(facts, { taskId: id, taskSummary: task.name, projectId, clientId }, acting);
};

const withRate = (facts: Facts, minor: bigint, currency: string, acting: Acting): Done => {
  if (currencyOfWork(acting.world, facts) !== currency) return 'other_currency';
  const { rate } = facts;
  if (rate !== null && rate.source === 'rule' && rate.minor === minor && rate.currency === currency) {
    claim(acting, 'rate');
    return facts;
  }
  const held =
    heldBack(facts, ['rate'], acting) ??
    (!acting.enforced && rate?.source === 'entry' ? ('set_by_hand' as const) : null);
  if (held !== null) return held;
  claim(acting, 'rate');
  return { ...facts, rate: { minor, currency, source: 'rule' } };
};

const withNote = (facts: Facts, note: string, acting: Acting): Done => {
  const given = `note:${acting.ruleId}`;
  if (facts.description.includes(note)) return facts;
  if (!acting.enforced && facts.settled.includes(given)) return 'set_by_hand';
  const description = facts.description === '' ? note : `${facts.description}\n${note}`;
  if (description.length > longestText) return 'too_long';
  return { ...facts, description, settled: sorted([...facts.settled, given]) };
};

/** Does one action. Doing it twice is doing it once. */
export const perform = (action: Action, facts: Facts, acting: Acting): Done => {
  const { add_tag, remove_tag, set_project, set_task, set_billable, set_rate, currency, append_note } =
    action;
  if (add_tag !== undefined) return withTag(facts, add_tag, true, acting);
  if (remove_tag !== undefined) return withTag(facts, remove_tag, false, acting);
  if (set_project !== undefined) return intoProject(facts, set_project, acting);
  if (set_task !== undefined) return intoTask(facts, set_task, acting);
  if (set_rate !== undefined && currency !== undefined)
    return withRate(facts, BigInt(set_rate), currency, acting);
  if (append_note !== undefined) return withNote(facts, append_note, acting);
  if (set_billable === undefined) return facts;
  const held = facts.billable === set_billable ? null : heldBack(facts, ['billable'], acting);
  if (held !== null) return held;
  claim(acting, 'billable');
  acting.ruled.add('billable');
  return facts.billable === set_billable ? facts : { ...facts, billable: set_billable };
};
