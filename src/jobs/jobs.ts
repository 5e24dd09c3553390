import type { House } from '#operation/run.ts';
import { clockwork } from './clockwork.ts';
import { deliverMail, type SendMail } from './deliver-mail.ts';
import { housekeeping } from './housekeeping.ts';

/** What the jobs need. Without `send`, mails stay in the outbox. */
export interface JobSettings {
  readonly house: House;
  readonly send: SendMail | null;
}

/** Starts what runs after or on a clock; gives the function that stops it and waits for what is under way. */
export const startJobs = ({ house, send }: JobSettings): (() => Promise<void>) => {
  const { database, clock, log } = house;
  let underWay: Promise<unknown> = Promise.resolve();
  const queue = (work: () => Promise<unknown>) => {
    underWay = underWay.then(work).catch((error: unknown) => log.error({ err: error }, 'a job failed'));
  };
  const every = (milliseconds: number, work: () => Promise<unknown>) =>
    setInterval(() => queue(work), milliseconds).unref();
  const clean = () => housekeeping(database, clock());
  // At the start too: a house that is restarted every hour would never be tidied.
  queue(clean);
  const refused = new Map<string, Temporal.Instant>();
  const timers = [
    every(3_600_000, clean),
    every(30_000, () => clockwork(house, { refused })),
    ...(send === null ? [] : [every(2_000, () => deliverMail(database, clock, send))]),
  ];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await underWay;
  };
};
