import { randomUUID } from 'node:crypto';
import type { House } from '#operation/run.ts';
import { chosen, type Invoice, isDraft, type Known, recent, type Todo } from './money-choices.ts';
import { call, type Person, type TestWorkspace, tokenFor } from './people.ts';
import { callTool, sendCall, type Written } from './writers.ts';

/** Somebody who bills, with as many tokens as the rate limit calls for. */
export interface Biller {
  readonly tokens: readonly string[];
}

const rates = [
  { currency: 'EUR', rate: '60' },
  { currency: 'EUR', rate: '90' },
  { currency: 'JPY', rate: '6000' },
];

/** Three clients with a project each, a tax, and so many people who bill them. A minute of any of it is worth whole minor units. */
export const makeBillers = async (
  house: House,
  team: TestWorkspace,
  count: number,
): Promise<{ billers: Biller[]; known: Known }> => {
  const act = (name: string, input: object) =>
    call<Record<string, { id: string }>>(house, team.mara, name, input);
  const places = [];
  for (const [index, fields] of rates.entries()) {
    const client = (await act('clients.create', { name: `Client ${index}`, ...fields }))['client']!.id;
    const project = (await act('projects.create', { name: `Project ${index}`, client_id: client }))[
      'project'
    ]!.id;
    places.push({ client, project, entries: [] });
  }
  const taxes = [(await act('tax_rates.create', { name: 'VAT', percent: '19' }))['tax_rate']!.id];
  // Who may void and reverse, and who may not.
  const people: Person[] = [team.mara, team.ada, team.ada, team.noor];
  const billers: Biller[] = [];
  for (let index = 0; index < count; index += 1) {
    const tokens = [];
    while (tokens.length < 5) tokens.push(await tokenFor(house, people[index % people.length]!));
    billers.push({ tokens });
  }
  return { billers, known: { places, taxes, invoices: new Map(), payments: [], adjustments: [] } };
};

/** Remembers what an answer tells of invoices, time, payments and adjustments. */
export const learn = (
  known: Known,
  { input, answer, outcome }: Pick<Written, 'input' | 'answer' | 'outcome'>,
): void => {
  if (outcome !== 'done' || answer === null) return;
  const { invoice, payment, adjustment, entry, deleted } = answer as {
    invoice?: Invoice;
    payment?: { id: string };
    adjustment?: { id: string };
    entry?: { id: string };
    deleted?: string;
  };
  if (invoice !== undefined) {
    const { lines: before } = known.invoices.get(invoice.id) ?? {};
    known.invoices.delete(invoice.id);
    known.invoices.set(invoice.id, { ...(before === undefined ? {} : { lines: before }), ...invoice });
  }
  if (payment !== undefined) known.payments.push(payment.id);
  if (adjustment !== undefined) known.adjustments.push(adjustment.id);
  if (deleted !== undefined) known.invoices.delete(deleted);
  if (entry !== undefined)
    known.places.find(({ project }) => project === input['project_id'])?.entries.push(entry.id);
};

/** Clients at work. */
export interface Billing {
  readonly calls: readonly (Written & { readonly milliseconds: number })[];
  /** Resolves once so many calls came to an end, or nobody is left to ask. */
  answered(calls: number): Promise<void>;
  stop(): void;
  /** Resolves when everybody has gone home: after `stop`, or because nobody answered. */
  readonly over: Promise<unknown>;
}

/** Lets everybody bill, one call after the other each, until they are stopped or get no answer. */
export const startBilling = (url: string, billers: readonly Biller[], known: Known): Billing => {
  const calls: (Written & { milliseconds: number })[] = [];
  let stopped = false;
  const finalize = async (token: string): Promise<Todo> => {
    const draft = recent([...known.invoices.values()].filter(isDraft));
    if (draft === undefined) return null;
    const { answer, code } = await callTool(url, { token, tool: 'invoices_get', input: { id: draft.id } });
    if (code === 'not_found') known.invoices.delete(draft.id);
    if (answer === null) return null;
    const { invoice, content_hash } = answer as { invoice: Invoice; content_hash: string };
    const { id, total, currency } = invoice;
    return ['invoices_finalize', { id, confirm: { content_hash, total, currency } }];
  };
  const bill = async ({ tokens }: Biller) => {
    for (let turn = 0; !stopped; turn += 1) {
      const token = tokens[turn % tokens.length]!;
      const choice = chosen();
      const todo = choice === 'finalize' ? await finalize(token) : choice(known);
      if (todo === null) {
        // Nothing of that kind is there yet, or the program is gone.
        await new Promise((later) => setTimeout(later, 1));
        continue;
      }
      const [tool, input] = todo;
      const before = performance.now();
      const keyed = { ...input, idempotency_key: `key-${randomUUID()}` };
      const written = await sendCall(url, { token, tool, input: keyed });
      calls.push({ ...written, milliseconds: performance.now() - before });
      learn(known, written);
      if (written.outcome === 'unanswered') return;
    }
  };
  let working = true;
  const over = Promise.all(billers.map(bill)).finally(() => (working = false));
  return {
    calls,
    answered: async (count) => {
      while (working && calls.length < count) await new Promise((later) => setTimeout(later, 5));
    },
    stop: () => (stopped = true),
    over,
  };
};
