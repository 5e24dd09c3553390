/** A moment at which a zone changed its clocks, and by how many seconds: more than 0 where they were set forward. */
export interface Transition {
  readonly zone: string;
  readonly at: Temporal.Instant;
  readonly shift: number;
}

const transitionsOf = (zone: string, until: number): Transition[] => {
  const found: Transition[] = [];
  let from = Temporal.Instant.from('1980-02-01T00:00Z').toZonedDateTimeISO(zone);
  for (;;) {
    const next = from.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds > until) return found;
    const before = next.subtract({ milliseconds: 1 });
    const shift = (next.offsetNanoseconds - before.offsetNanoseconds) / 1e9;
    if (shift !== 0) found.push({ zone, at: next.toInstant(), shift });
    from = next;
  }
};

/** Every change of the clocks of every zone from 1980 to this day: some 20,000 of them by 2038. */
export const transitionsUntil = (day: string): Transition[] => {
  const until = Temporal.PlainDate.from(day).toZonedDateTime('UTC').epochMilliseconds;
  return Intl.supportedValuesOf('timeZone').flatMap((zone) => transitionsOf(zone, until));
};
