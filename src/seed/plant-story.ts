import { createAccount } from '#identity/accounts.ts';
import { houseVia, loadActor } from '#identity/actor.ts';
import { operator } from '#identity/author.ts';
import { addMember } from '#identity/members.ts';
import { createWorkspace } from '#identity/workspaces.ts';
import type { Actor } from '#operation/actor.ts';
import type { House } from '#operation/run.ts';
import type { Id } from '#values/id.ts';
import { acting } from './acting.ts';
import { plantInvoice, plantOwnTerms, plantPayment } from './plant-money.ts';
import { type Calendar, type Cast, plantNorthwind } from './plant-northwind.ts';
import { log, pick, plantProjects } from './plant-work.ts';
import { type Email, own, people, timezone, workspaces } from './story.ts';

/** What Mara does for herself: a book nobody pays for, and evenings that somebody does. */
const plantOwn = async (cast: Cast, { begin, now, at }: Calendar): Promise<void> => {
  const start = cast('mara@example.com', at(begin, '08:30'));
  await plantOwnTerms(start);
  const tasks = await plantProjects(start, own.projects);
  const { projects, ...client } = own.client;
  const { client: row } = await start('clients.create', client);
  for (const [summary, id] of await plantProjects(start, projects, row!.id)) tasks.set(summary, id);
  const evenings = Array.from({ length: 8 }, (_, week) => begin.add({ weeks: week }).toString()).map(
    (date, index) => ({
      task_id: tasks.get(pick(own.tasks, index)),
      date,
      duration: '1:30',
    }),
  );
  const sixWeeks = begin.add({ weeks: 6 });
  const then = cast('mara@example.com', at(sixWeeks, '20:00'));
  await log(then, evenings.slice(0, 6));
  const invoice = await plantInvoice(then, { client_id: row!.id, from_time: { group_by: 'entry' } });
  const alone = cast('mara@example.com', now);
  await log(alone, evenings.slice(6));
  await plantPayment(alone, invoice, String(invoice['total']), sixWeeks.add({ days: 9 }));
};

/**
 * Plants the story into an empty house, through the same operations that people use: two workspaces, four people with one password,
 * two months of work that end yesterday, some of it invoiced and paid, and one timer that runs. Throws the reason of `signal` when that
 * is aborted.
 */
export const plantStory = async (house: House, password: string, signal?: AbortSignal): Promise<void> => {
  const now = house.clock();
  const today = now.toZonedDateTimeISO(timezone).toPlainDate();
  const begin = today.subtract({ months: 2 });
  const at = (date: Temporal.PlainDate, time: string) =>
    date.toZonedDateTime({ timeZone: timezone, plainTime: time }).toInstant();
  const then = { ...house, clock: () => at(begin, '08:30') };
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

  const castOf = async (slug: string, emails: readonly Email[]) => {
    const actors = new Map<Email, Actor>();
    for (const email of emails) {
      const [userId, workspaceId] = [ids.get(email)!, made.get(slug)!];
      actors.set(email, await loadActor(house.database, { userId, workspaceId, via: houseVia('session') }));
    }
    const cast: Cast = (email, instant) => acting(house, actors.get(email)!, instant, signal);
    return {
      cast,
      members: new Map([...actors].map(([email, { membership }]) => [email as string, membership.id])),
    };
  };
  const calendar = { begin, today, now, at };
  const studio = await castOf('northwind', ['mara@example.com', 'noor@example.com', 'teo@example.com']);
  await plantNorthwind(studio.cast, studio.members, calendar);
  await plantOwn((await castOf('mara', ['mara@example.com'])).cast, calendar);
};
