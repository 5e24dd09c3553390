import type { Act } from './acting.ts';
import { halfOf, plantCredit, plantInvoice, plantPayment, plantRetainer, plantTerms } from './plant-money.ts';
import { dice, log, plantProjects, workday } from './plant-work.ts';
import { clients, days, type Email, ownProjects, tags } from './story.ts';

/** Somebody of a workspace at an instant of the story. */
export type Cast = (email: Email, at: Temporal.Instant) => Act;

/** The days that matter. */
export interface Calendar {
  readonly begin: Temporal.PlainDate;
  readonly today: Temporal.PlainDate;
  readonly now: Temporal.Instant;
  readonly at: (date: Temporal.PlainDate, time: string) => Temporal.Instant;
}

/** Who is who at Northwind, what they work for, and what they did on the days from `begin` until yesterday. */
export const plantNorthwind = async (
  cast: Cast,
  members: ReadonlyMap<string, string>,
  { begin, today, now, at }: Calendar,
): Promise<void> => {
  const mara = cast('mara@example.com', at(begin, '08:30'));
  for (const tag of tags) await mara('tags.create', tag);
  const taxIds = await plantTerms(mara, members);
  const tasks = new Map<string, string>();
  const keep = (found: ReadonlyMap<string, string>) => found.forEach((id, summary) => tasks.set(summary, id));
  const clientIds: string[] = [];
  for (const { projects, tax, ...client } of clients) {
    const { client: row } = await mara('clients.create', { ...client, default_tax_id: taxIds[tax] });
    clientIds.push(row!.id);
    keep(await plantProjects(mara, projects, row!.id));
  }
  keep(await plantProjects(mara, ownProjects));
  const [acme, heron, kestrel] = clientIds;

  // What was invoiced two weeks in was logged by then; the rest is logged today.
  const first = begin.add({ days: 14 });
  const later: [Email, object[]][] = [];
  for (const [index, [email, mix]] of Object.entries(days).entries()) {
    const roll = dice(index + 1);
    const [early, late]: [object[], object[]] = [[], []];
    for (let date = begin; Temporal.PlainDate.compare(date, today) < 0; date = date.add({ days: 1 })) {
      if (date.dayOfWeek > 5 || roll(20) === 0) continue;
      (Temporal.PlainDate.compare(date, first) < 0 ? early : late).push(...workday(date, mix, tasks, roll));
    }
    await log(cast(email as Email, at(first, '09:00')), early);
    later.push([email as Email, late]);
  }
  const twoWeeks = { from: begin.toString(), to: first.subtract({ days: 1 }).toString() };
  const billing = cast('noor@example.com', at(first, '10:00'));
  const overdue = await plantInvoice(billing, { client_id: acme, from_time: twoWeeks });
  const paid = await plantInvoice(billing, { client_id: heron, from_time: twoWeeks });
  const onDay = (day: number) => {
    const date = begin.add({ days: day });
    return { date, noor: cast('noor@example.com', at(date, '11:00')) };
  };
  const half = onDay(25);
  await plantPayment(half.noor, overdue, halfOf(String(overdue['total'])), half.date);
  const whole = onDay(40);
  await plantPayment(whole.noor, paid, String(paid['total']), whole.date);
  await plantCredit(onDay(44).noor, paid, 'Two hours billed twice');

  const lately = today.subtract({ days: 8 });
  const owner = cast('mara@example.com', at(lately, '16:00'));
  const nextMonth = today.with({ day: 1 }).add({ months: 1 });
  const care = await plantRetainer(owner, taxIds.union, nextMonth);
  for (const [email, items] of later) await log(cast(email, now), items);
  const noor = cast('noor@example.com', now);
  await plantInvoice(noor, {
    client_id: kestrel,
    from_time: { from: begin.toString(), to: lately.toString(), group_by: 'project' },
    issue_date: lately.add({ days: 2 }).toString(),
  });
  await plantPayment(noor, care, String(care['total']), today.subtract({ days: 1 }));
  const monthEnd = today.with({ day: 1 }).subtract({ days: 1 });
  await noor('invoices.create', {
    client_id: acme,
    from_time: { from: monthEnd.with({ day: 1 }).toString(), to: monthEnd.toString() },
  });
  await noor('timers.start', {
    task_id: tasks.get('Design system'),
    description: 'Icons',
    started_at: now.subtract({ minutes: 40 }).toString(),
  });
};
