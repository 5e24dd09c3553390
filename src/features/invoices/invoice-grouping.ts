import type { BillableTime } from './invoice-time.ts';

/** What makes a line of an invoice. */
export const groupings = ['entry', 'task', 'project', 'person', 'day', 'week', 'rate'] as const;

/** How time is put into lines, and how these read. */
export interface Grouping {
  readonly by: (typeof groupings)[number];
  readonly language: 'en' | 'de' | 'fr';
  readonly template: string | undefined;
}

const weekText = ({ local_date: day }: BillableTime): string =>
  `${day.yearOfWeek}-W${String(day.weekOfYear).padStart(2, '0')}`;

const groupKeys: Record<Grouping['by'], (entry: BillableTime) => readonly string[]> = {
  entry: ({ local_date, id }) => [local_date.toString(), id],
  task: ({ project_name, task_summary, task_id }) => [project_name ?? '', task_summary ?? '', task_id ?? ''],
  project: ({ project_name, project_id }) => [project_name ?? '', project_id ?? ''],
  person: ({ member_name, membership_id }) => [member_name, membership_id],
  day: ({ local_date }) => [local_date.toString()],
  week: (entry) => [weekText(entry)],
  rate: () => [],
};

/** What entries of one line have in common, and lines are sorted by. Time at different rates is never on one line. */
export const lineKey = (entry: BillableTime, by: Grouping['by']): string =>
  [...groupKeys[by](entry), String(entry.rate_minor).padStart(20, '0')].join('\u0000');

const words = {
  en: { week: 'Week', work: 'Work', other: 'Other work' },
  de: { week: 'KW', work: 'Arbeit', other: 'Sonstige Arbeit' },
  fr: { week: 'Semaine', work: 'Travail', other: 'Autre travail' },
} as const;

const dateFormat = (language: Grouping['language']) =>
  new Intl.DateTimeFormat({ en: 'en-GB', de: 'de-DE', fr: 'fr-FR' }[language], { dateStyle: 'medium' });

/** All different texts, or the first and how many more. */
const few = (texts: readonly (string | null)[]): string => {
  const different = [...new Set(texts.flatMap((text) => (text === null || text === '' ? [] : [text])))];
  return different.length <= 3 ? different.join(', ') : `${different.slice(0, 3).join(', ')} …`;
};

/** The texts of a line of these entries. */
export const writeLine = (
  entries: readonly BillableTime[],
  { by, language, template }: Grouping,
): { description: string; details: string | null } => {
  const first = entries[0]!;
  const { week, work, other } = words[language];
  const weekName = `${week} ${first.local_date.weekOfYear} / ${first.local_date.yearOfWeek}`;
  const date = dateFormat(language).format(first.local_date);
  const fallback = first.task_summary ?? first.project_name ?? work;
  const filled = template?.replaceAll(
    /\{(task|project|person|date|week|description)\}/g,
    (_, name: string) => {
      if (name === 'task') return few(entries.map(({ task_summary }) => task_summary));
      if (name === 'project') return few(entries.map(({ project_name }) => project_name));
      if (name === 'person') return few(entries.map(({ member_name }) => member_name));
      if (name === 'description') return few(entries.map(({ description }) => description));
      return name === 'week' ? weekName : date;
    },
  );
  const usual: Record<Grouping['by'], () => string> = {
    entry: () => (first.description === '' ? fallback : first.description),
    task: () => first.task_summary ?? first.project_name ?? other,
    project: () => first.project_name ?? other,
    person: () => first.member_name,
    day: () => date,
    week: () => weekName,
    rate: () => work,
  };
  const text = filled === undefined || filled.trim() === '' ? usual[by]() : filled;
  const details =
    by === 'entry'
      ? `${date}, ${first.member_name}`
      : by === 'task' && first.task_summary !== null
        ? first.project_name
        : null;
  return { description: text.slice(0, 2000), details: template === undefined ? details : null };
};
