import type { House } from '#operation/run.ts';
import { existsOn, type Scope, scopeNames, scopes } from '#operation/scopes.ts';

/** A day as people write it: 5 Oct 2026. */
export const dayText = (instant: string, zone: string): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toLocaleString('en-GB', { dateStyle: 'medium' });

/** A day and a time: 5 Oct 2026, 09:30. */
export const timeText = (instant: string, zone: string): string =>
  Temporal.Instant.from(instant).toLocaleString('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: zone,
  });

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** How long ago: "just now", "5 minutes ago", "yesterday"; beyond a month the day. */
export const agoText = (instant: string, now: Temporal.Instant, zone: string): string => {
  const minutes = Math.floor(
    (now.epochMilliseconds - Temporal.Instant.from(instant).epochMilliseconds) / 60_000,
  );
  if (minutes < 1) return 'just now';
  if (minutes < 60) return relative.format(-minutes, 'minute');
  if (minutes < 24 * 60) return relative.format(-Math.floor(minutes / 60), 'hour');
  if (minutes < 31 * 24 * 60) return relative.format(-Math.floor(minutes / 60 / 24), 'day');
  return dayText(instant, zone);
};

/** Scopes in words, in their order; `mcp` is left out where there is anything else to say. */
export const scopesInWords = (names: readonly string[]): string[] => {
  const known = scopeNames.filter((scope) => names.includes(scope));
  const telling = known.filter((scope) => scope !== 'mcp');
  return (telling.length > 0 ? telling : known).map((scope) => scopes[scope].words);
};

/** What an operation is called by people; its name where it no longer exists. */
export const actionText = (house: House, name: string): string =>
  house.operations.find((operation) => operation.name === name)?.title ?? name;

/** The scopes of a resource that something in the house asks for today; others would promise what is not there yet. */
export const usefulScopes = (house: House, resource: 'mcp' | 'api'): Scope[] => {
  const useful = new Set<string>(
    house.operations.flatMap(({ needs, guards }) => [
      ...needs.scopes,
      ...(needs.anyScope ?? []),
      ...guards.map(({ sight }) => sight),
    ]),
  );
  return scopeNames.filter((scope) => useful.has(scope) && existsOn(resource, scope));
};
