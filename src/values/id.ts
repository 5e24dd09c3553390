import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import { z } from 'zod';
import { withArticle } from './with-article.ts';

/** Every kind of thing that has an id: the prefix, what a person calls it, and the operation that lists it. */
export const idKinds = {
  usr: { noun: 'user' },
  wsp: { noun: 'workspace' },
  mem: { noun: 'member' },
  aud: { noun: 'audit entry' },
  con: { noun: 'connection' },
  tok: { noun: 'API token' },
  cli: { noun: 'client', list: 'clients.list' },
  ctc: { noun: 'client contact' },
  prj: { noun: 'project', list: 'projects.list' },
  bud: { noun: 'budget' },
  tag: { noun: 'tag', list: 'tags.list' },
  tsk: { noun: 'task', list: 'tasks.list' },
  not: { noun: 'task note', list: 'tasks.notes' },
  ten: { noun: 'time entry', list: 'time_entries.list' },
  seg: { noun: 'time segment' },
  rat: { noun: 'rate', list: 'rates.list' },
  rul: { noun: 'rule', list: 'rules.list' },
  tax: { noun: 'tax code', list: 'tax_rates.list' },
  inv: { noun: 'invoice', list: 'invoices.list' },
  lin: { noun: 'invoice line' },
  pay: { noun: 'payment', list: 'invoice_payments.list' },
  adj: { noun: 'invoice adjustment', list: 'invoice_adjustments.list' },
  art: { noun: 'invoice artifact', list: 'invoice_artifacts.list' },
  prv: { noun: 'invoice preview' },
  dsp: { noun: 'invoice dispatch', list: 'invoice_dispatches.list' },
  rec: { noun: 'recurring invoice', list: 'recurring_invoices.list' },
  crd: { noun: 'client credit' },
  exp: { noun: 'expense' },
  cat: { noun: 'expense category' },
} as const satisfies Record<string, { noun: string; list?: string }>;

export type IdPrefix = keyof typeof idKinds;
export type Id<Prefix extends IdPrefix> = `${Prefix}_${string}`;

const body = '[0-9a-hjkmnp-tv-z]{26}';

/** A new id: the prefix, then a ULID in lower case. Sorts by the instant it was made at. */
export const newId = <Prefix extends IdPrefix>(prefix: Prefix, now: Temporal.Instant): Id<Prefix> =>
  `${prefix}_${ulid(now.epochMilliseconds, () => randomBytes(4).readUInt32BE() / 2 ** 32).toLowerCase()}`;

/** The kind an id claims to be of, or null. */
export const prefixOf = (id: string): IdPrefix | null => {
  const prefix = id.slice(0, id.indexOf('_'));
  return Object.hasOwn(idKinds, prefix) ? (prefix as IdPrefix) : null;
};

const wrongId = (prefix: IdPrefix, given: unknown): string => {
  const want: { noun: string; list?: string } = idKinds[prefix];
  const other = prefixOf(String(given));
  const found = want.list === undefined ? '' : ` ${want.list} gives them.`;
  return other !== null && other !== prefix
    ? `This is the id of ${withArticle(idKinds[other].noun)}; ${withArticle(want.noun)} id is wanted: ${prefix}_ and 26 letters or digits.${found}`
    : `Not ${withArticle(want.noun)} id: it is ${prefix}_ and 26 letters or digits.${found}`;
};

/** The schema of an id at the doors. `description` is what a model reads. */
export const idSchema = <Prefix extends IdPrefix>(prefix: Prefix) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_${body}$`), { error: (issue) => wrongId(prefix, issue.input) })
    .describe(`A${withArticle(idKinds[prefix].noun).slice(1)} id, ${prefix}_…`) as unknown as z.ZodType<
    Id<Prefix>,
    Id<Prefix>
  >;
