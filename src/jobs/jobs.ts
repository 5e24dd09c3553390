import type { House } from '#operation/run.ts';
import { clockwork } from './clockwork.ts';
import { deliverMail, type SendMail } from './deliver-mail.ts';
import { housekeeping } from './housekeeping.ts';
import { giveUpStranded } from './mail-queue.ts';

/** What the jobs need. Without `send`, mails stay in the outbox until it is clear that they will not go. */
export interface JobSettings {
  readonly house: House;
  readonly send: SendMail | null;
}

/** Starts what runs after or on a clock; gives the function that stops it and waits for what is under way. */
export const startJobs = ({ house, send }: JobSettings): (() => Promise<void>) => {
  const { database, clock, log } = house;
  const underWay = new Map<string, Promise<unknown>>();
  /** Starts a job, unless its last round still runs: a server that hangs holds up its own job and no other. */
  const start = (name: string, work: () => Promise<unknown>) => {
    if (underWay.has(name)) return;
    const round = work()
      .catch((error: unknown) => log.error({ err: error, job: name }, 'a job failed'))
      .finally(() => underWay.delete(name));
    underWay.set(name, round);
  };
  const every = (milliseconds: number, name: string, work: () => Promise<unknown>) =>
    setInterval(() => start(name, work), milliseconds).unref();
  const clean = () => housekeeping(database, clock());
  // At the start too: a house that is restarted every hour would never be tidied.
  start('housekeeping', clean);
  const refused = new Map<string, Temporal.Instant>();
  const timers = [
    every(3_600_000, 'housekeeping', clean),
    every(30_000, 'clockwork', () => clockwork(house, { refused })),
    every(2_000, 'mail', () =>
      send === null ? giveUpStranded(database, clock()) : deliverMail(database, clock, send),
    ),
  ];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await Promise.all(underWay.values());
  };
};
