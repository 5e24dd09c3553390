import fc from 'fast-check';
import { sql } from 'kysely';
import { Refusal } from '#values/refusal.ts';
import type { TestHouse } from './house.ts';
import { call, type Person } from './people.ts';
import { type Entry, zones } from './time.ts';

// Random histories of somebody's time, and what the store has of it afterwards.

/** An entry as it is stored, with its stretches in order. */
export interface Stored {
  readonly id: string;
  readonly state: string;
  readonly started_at: Temporal.Instant | null;
  readonly ended_at: Temporal.Instant | null;
  readonly timezone: string;
  readonly local_date: Temporal.PlainDate;
  readonly duration_seconds: number;
  readonly deleted_at: Temporal.Instant | null;
  readonly stretches: readonly { readonly from: Temporal.Instant; readonly to: Temporal.Instant | null }[];
}

const storedTime = async (house: TestHouse, person: Person): Promise<Stored[]> => {
  const { rows } = await house.database.inWorkspace(person.workspaceId, house.clock(), (tx) =>
    sql<
      Omit<Stored, 'stretches'> & { segments: { a: string; b: string | null }[] }
    >`select e.*, (select coalesce(json_agg(json_build_object('a', s.started_at, 'b', s.ended_at) order by s.started_at, s.ended_at), '[]')
      from time_segments s where s.entry_id = e.id) as segments
      from time_entries e where e.membership_id = ${person.membershipId}`.execute(tx),
  );
  return rows.map(({ segments, ...row }) => ({
    ...row,
    stretches: segments.map(({ a, b }) => ({
      from: Temporal.Instant.from(a),
      to: b === null ? null : Temporal.Instant.from(b),
    })),
  }));
};

const wait = fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 9000 }) });
/** What somebody may try; a refusal is as good an outcome as any. */
export const step = fc.oneof(
  { weight: 3, arbitrary: wait },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('timers.start' as const),
      back: fc.integer({ min: 0, max: 9000 }),
      on_running: fc.constantFrom('stop_current', 'pause_current', 'error'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('timers.pause' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('timers.resume' as const),
      on_running: fc.constantFrom('stop_current', 'pause_current'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('timers.stop' as const),
      back: fc.integer({ min: 0, max: 5000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('timers.discard' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('time_entries.create' as const),
      back: fc.integer({ min: -9000, max: 60_000 }),
      duration_seconds: fc.integer({ min: 0, max: 20_000 }),
      timezone: fc.constantFrom(...zones),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('time_entries.update' as const),
      pick: fc.nat(20),
      move: fc.constantFrom('started_at', 'ended_at', 'duration_seconds', 'timezone'),
      back: fc.integer({ min: -500, max: 20_000 }),
      timezone: fc.constantFrom(...zones),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('time_entries.split' as const),
      pick: fc.nat(20),
      seconds: fc.integer({ min: 1, max: 5000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('time_entries.delete' as const), pick: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('time_entries.restore' as const), pick: fc.nat(20) }) },
);
export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
/** A timer with a pause: chance alone makes hardly one, and what has several stretches is what goes wrong. */
const withPause = fc
  .tuple(wait, wait, wait)
  .map(([one, two, three]): Step[] => [
    { do: 'timers.start', back: 0, on_running: 'stop_current' },
    one,
    { do: 'timers.pause' },
    two,
    { do: 'timers.resume', on_running: 'stop_current' },
    three,
  ]);
/** Up to sixty steps, one after the other. */
export const history = fc
  .array(
    fc.oneof({ weight: 7, arbitrary: step.map((one): Step[] => [one]) }, { weight: 1, arbitrary: withPause }),
    {
      minLength: 15,
      maxLength: 30,
    },
  )
  .map((parts) => parts.flat());

const inputOf = (taken: Step, entries: readonly Stored[], now: Temporal.Instant): object | null => {
  const ago = (seconds: number): string => now.subtract({ seconds }).toString();
  const gone = entries.filter(({ deleted_at }) => deleted_at !== null);
  const among = taken.do === 'time_entries.restore' ? gone : entries;
  const pick = 'pick' in taken ? among[taken.pick % Math.max(1, among.length)] : undefined;
  if ('pick' in taken && pick === undefined) return null;
  switch (taken.do) {
    case 'wait':
      return null;
    case 'timers.start':
      return { started_at: ago(taken.back), on_running: taken.on_running };
    case 'timers.resume':
      return { on_running: taken.on_running };
    case 'timers.stop':
      return { ended_at: ago(taken.back) };
    case 'timers.discard':
      return { confirm: true };
    case 'time_entries.create':
      return {
        started_at: ago(taken.back),
        duration_seconds: taken.duration_seconds,
        timezone: taken.timezone,
      };
    case 'time_entries.update':
      return {
        id: pick!.id,
        ...(taken.move === 'duration_seconds'
          ? { duration_seconds: Math.max(0, taken.back) }
          : taken.move === 'timezone'
            ? { timezone: taken.timezone }
            : { [taken.move]: ago(taken.back) }),
      };
    case 'time_entries.split':
      return { id: pick!.id, seconds: [taken.seconds] };
    case 'time_entries.delete':
    case 'time_entries.restore':
      return { id: pick!.id };
    default:
      return {};
  }
};

/** Milliseconds that pairs of entries share, summed; what runs reaches to now, and a stretch of no length shares none. */
export const sharedTime = (entries: readonly Stored[], now: Temporal.Instant): number => {
  const stretches = entries.flatMap(({ stretches: own }) =>
    own.map(({ from, to }) => ({ from: from.epochMilliseconds, to: (to ?? now).epochMilliseconds })),
  );
  return stretches.reduce(
    (sum, one, index) =>
      stretches
        .slice(index + 1)
        .reduce(
          (all, two) => all + Math.max(0, Math.min(one.to, two.to) - Math.max(one.from, two.from)),
          sum,
        ),
    0,
  );
};

/** Takes steps in a house. */
export const timeHistories = (house: TestHouse) => {
  const done = new Map<string, number>();
  return {
    /** How often each step was taken and not refused. */
    done,
    /** Everything of a person, deleted entries too. */
    stored: (person: Person) => storedTime(house, person),
    /** Takes a step; a refusal is fine, anything else is not. Gives the answer, or null. */
    take: async (
      person: Person,
      taken: Step,
      known: readonly Stored[],
    ): Promise<{ entries?: Entry[] } | null> => {
      if (taken.do === 'wait') {
        house.setNow(house.clock().add({ seconds: taken.seconds }));
        return null;
      }
      const input = inputOf(taken, known, house.clock());
      if (input === null) return null;
      try {
        const answer = await call<{ entries?: Entry[] }>(house, person, taken.do, input);
        done.set(taken.do, (done.get(taken.do) ?? 0) + 1);
        return answer;
      } catch (error) {
        if (error instanceof Refusal && error.code !== 'internal_error') return null;
        throw error;
      }
    },
  };
};
