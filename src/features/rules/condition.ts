import type { Id } from '#values/id.ts';

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export const entrySources = ['web', 'mcp', 'api', 'cli', 'import'] as const;

const choice = ['is', 'is_not'] as const;
/** What a condition can look at, and the ways to look at it. No regular expressions: none of these can run long. */
export const conditionOps = {
  text: ['contains', 'not_contains', 'equals', 'starts_with', 'ends_with', 'is_empty'],
  client: [...choice, 'is_empty'],
  project: [...choice, 'is_empty'],
  tag: [...choice, 'is_empty'],
  weekday: choice,
  hour: [...choice, 'at_least', 'less_than'],
  duration_seconds: ['at_least', 'less_than'],
  source: choice,
} as const;

export type ConditionField = keyof typeof conditionOps;
export type ConditionOp = (typeof conditionOps)[ConditionField][number];
export const conditionFields = Object.keys(conditionOps) as ConditionField[];

/** A condition as it is stored: its value is always a list, of which one is enough (for a negation: none may be). */
export interface Condition {
  readonly field: ConditionField;
  readonly op: ConditionOp;
  readonly value: readonly (string | number | boolean)[];
}

/** What rules look at in a piece of time and can change. */
export interface Facts {
  readonly description: string;
  readonly taskId: Id<'tsk'> | null;
  readonly taskSummary: string | null;
  readonly projectId: Id<'prj'> | null;
  readonly clientId: Id<'cli'> | null;
  readonly billable: boolean;
  readonly rate: { readonly minor: bigint; readonly currency: string; readonly source: string } | null;
  /** In order of their ids. */
  readonly tags: readonly Id<'tag'>[];
  /** What a person decided by hand, in order: project, task, billable, rate, tag:<id>; and note:<id> of rules that gave their note. */
  readonly settled: readonly string[];
}

/** What rules look at in a piece of time and cannot change. */
export interface Moment {
  readonly memberId: Id<'mem'>;
  /** Of its day, 1 (Monday) to 7. */
  readonly weekday: number;
  /** Of its start, in its own zone; null for a duration without clock times. */
  readonly hour: number | null;
  /** Null until it is stopped. */
  readonly seconds: number | null;
  readonly source: string;
}

/** How texts are compared: whatever the case, and however an accent is spelt. */
export const folded = (text: string): string => text.normalize('NFC').toLowerCase();

const textHolds = (op: ConditionOp, wanted: readonly string[], texts: readonly string[]): boolean => {
  const any = (fits: (text: string, want: string) => boolean) =>
    wanted.some((want) => texts.some((text) => fits(text, folded(want))));
  switch (op) {
    case 'contains':
      return any((text, want) => text.includes(want));
    case 'not_contains':
      return !any((text, want) => text.includes(want));
    case 'equals':
      return any((text, want) => text.trim() === want.trim());
    case 'starts_with':
      return any((text, want) => text.startsWith(want));
    default:
      return any((text, want) => text.endsWith(want));
  }
};

const numberHolds = (op: ConditionOp, wanted: readonly unknown[], given: number): boolean => {
  const bound = wanted[0] as number;
  if (op === 'at_least') return given >= bound;
  if (op === 'less_than') return given < bound;
  return wanted.includes(given) === (op === 'is');
};

/** Whether a condition holds. What is not known yet (the hour of a duration, the length of a timer) is no answer: the condition does not hold. */
export const holds = ({ field, op, value }: Condition, facts: Facts, moment: Moment): boolean => {
  const among = (given: readonly string[]) =>
    op === 'is_empty'
      ? (given.length === 0) === value[0]
      : given.some((one) => value.includes(one)) === (op === 'is');
  switch (field) {
    case 'text': {
      const texts = [facts.description, facts.taskSummary ?? ''].filter((text) => text !== '').map(folded);
      return op === 'is_empty' ? among(texts) : textHolds(op, value as readonly string[], texts);
    }
    case 'client':
      return among(facts.clientId === null ? [] : [facts.clientId]);
    case 'project':
      return among(facts.projectId === null ? [] : [facts.projectId]);
    case 'tag':
      return among(facts.tags);
    case 'weekday':
      return among([weekdays[moment.weekday - 1]!]);
    case 'source':
      return among([moment.source]);
    case 'hour':
      return moment.hour !== null && numberHolds(op, value, moment.hour);
    case 'duration_seconds':
      return moment.seconds !== null && numberHolds(op, value, moment.seconds);
  }
};

const same = (one: readonly string[], two: readonly string[]): boolean =>
  one.length === two.length && one.every((each, at) => each === two[at]);

/** The fields in which a piece of time is not what it was. */
export const changedFields = (
  was: { facts: Facts; moment: Moment },
  is: { facts: Facts; moment: Moment },
): ReadonlySet<ConditionField> => {
  const differs: Record<ConditionField, boolean> = {
    text: was.facts.description !== is.facts.description || was.facts.taskSummary !== is.facts.taskSummary,
    client: was.facts.clientId !== is.facts.clientId,
    project: was.facts.projectId !== is.facts.projectId,
    tag: !same(was.facts.tags, is.facts.tags),
    weekday: was.moment.weekday !== is.moment.weekday,
    hour: was.moment.hour !== is.moment.hour,
    duration_seconds: was.moment.seconds !== is.moment.seconds,
    source: false,
  };
  return new Set(conditionFields.filter((field) => differs[field]));
};
