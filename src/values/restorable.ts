/** How long what was deleted can be brought back, in days. */
export const restorableDays = 30;

/** Until when something deleted at an instant can be brought back. */
export const restorableUntil = (deletedAt: Temporal.Instant): Temporal.Instant =>
  deletedAt.add({ hours: 24 * restorableDays });

/** What was deleted after this instant can still be brought back now. */
export const restorableSince = (now: Temporal.Instant): Temporal.Instant =>
  now.subtract({ hours: 24 * restorableDays });

/** Whether something deleted then can still be brought back. */
export const isRestorable = (deletedAt: Temporal.Instant, now: Temporal.Instant): boolean =>
  Temporal.Instant.compare(deletedAt, restorableSince(now)) > 0;
