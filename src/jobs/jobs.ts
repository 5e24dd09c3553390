import type { Logger } from 'pino';
import type { Database } from '#database/database.ts';
import { deliverMail, type SendMail } from './deliver-mail.ts';
import { housekeeping } from './housekeeping.ts';

/** What the jobs need. Without `send`, mails stay in the outbox. */
export interface JobSettings {
  readonly database: Database;
  readonly clock: () => Temporal.Instant;
  readonly log: Logger;
  readonly send: SendMail | null;
}

/** Starts what runs after or on a clock; gives the function that stops it and waits for what is under way. */
export const startJobs = ({ database, clock, log, send }: JobSettings): (() => Promise<void>) => {
  let underWay: Promise<unknown> = Promise.resolve();
  const queue = (work: () => Promise<unknown>) => {
    underWay = underWay.then(work).catch((error: unknown) => log.error({ err: error }, 'a job failed'));
  };
  const every = (milliseconds: number, work: () => Promise<unknown>) =>
    setInterval(() => queue(work), milliseconds).unref();
  const clean = () => housekeeping(database, clock());
  // At the start too: a house that is restarted every hour would never be tidied.
  queue(clean);
  const timers = [
    every(3_600_000, clean),
    ...(send === null ? [] : [every(2_000, () => deliverMail(database, clock, send))]),
  ];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await underWay;
  };
};
