/** How long what was deleted can be brought back, in days. */
export const restorableDays = 30;

/** Until when something deleted at an instant can be brought back. */
export const restorableUntil = (deletedAt: Temporal.Instant): Temporal.Instant =>
  deletedAt.add({ hours: 24 * restorableDays });

/** What was deleted after this instant can still be brought back now. */
export const restorableSince = (now: Temporal.Instant): Temporal.Instant =>
  now.subtract({ hours: 24 * restorableDays });

/** Whether something deleted then can still be brought back; what is not deleted (null) is there. */
export const isRestorable = (deletedAt: Temporal.Instant | null, now: Temporal.Instant): boolean =>
  deletedAt === null || Temporal.Instant.compare(deletedAt, restorableSince(now)) > 0;
