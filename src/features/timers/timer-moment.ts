import type { Call } from '#operation/call.ts';
import { laterOf, momentText, readMoment, wholeSeconds } from '#values/local-time.ts';
import { validationFailed } from '#values/refusal.ts';

/** When something happened to a timer: now, or as given, between `since` and now; now is `since` where the clock was set back behind that. */
export const momentWithin = (
  { zone, now: clock }: Pick<Call, 'zone' | 'now'>,
  at: string | undefined,
  since: Temporal.Instant,
  timezone: string,
): Temporal.Instant => {
  const now = laterOf(wholeSeconds(clock), since);
  const moment = readMoment(at ?? 'now', { zone, now, field: 'at' });
  if (Temporal.Instant.compare(moment, since) < 0) {
    throw validationFailed(
      {
        message: `at lies before ${momentText(since, timezone)}, when the timer was last started, paused or resumed.`,
      },
      'at',
    );
  }
  if (Temporal.Instant.compare(moment, now) > 0) {
    throw validationFailed({ message: 'at lies in the future.' }, 'at');
  }
  return moment;
};
