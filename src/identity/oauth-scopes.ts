import {
  type CoarseScope,
  coarseCovers,
  coarseScopes,
  existsOn,
  expand,
  isCoarseScope,
  isScope,
  type Scope,
  scopeNames,
  scopes as scopeTable,
  withReadScopes,
} from '#operation/scopes.ts';
import type { Resource } from './oauth-resource.ts';

/** From the narrowest to the widest. */
const coarseNames = Object.keys(coarseScopes) as CoarseScope[];

/** What the umbrellas open beside the fine-grained permissions, in words: each is a tick of its own. */
export const umbrellaWords: Record<CoarseScope, string> = {
  'stint:read': 'see the workspace’s settings',
  'stint:write': 'change settings of your own, of which there are none yet',
  'stint:admin': 'change the workspace’s settings and taxes, as far as your role allows',
};

/** What a connection may beside its fine-grained permissions, in words; each umbrella contains those before it. */
export const umbrellasInWords = (held: CoarseScope | null): string[] =>
  coarseNames.filter((name) => coarseCovers(held, name)).map((name) => umbrellaWords[name]);

/** What a person is offered to tick for one authorization request. */
export interface Offer {
  /** The names as the client wrote them, once each; kept on the grant to understand later refreshes. */
  readonly requested: readonly string[];
  readonly offered: readonly Scope[];
  readonly ticked: ReadonlySet<Scope>;
  /** Asked for by name, not through an umbrella. */
  readonly named: ReadonlySet<Scope>;
  readonly umbrellas: readonly CoarseScope[];
}

/** The names of a scope parameter. `offline_access` is dropped: a refresh token comes anyway. */
const namesIn = (scope: string | undefined): string[] => [
  ...new Set((scope ?? '').split(' ').filter((name) => name !== '' && name !== 'offline_access')),
];

/** The widest umbrella among some names of scopes, or null. */
export const widestOf = (names: readonly string[]): CoarseScope | null =>
  coarseNames.filter((name) => names.includes(name)).at(-1) ?? null;

const fits = (resource: Resource) => (scope: Scope) => existsOn(resource, scope);

/**
 * What the consent screen offers for a `scope` parameter, or null where it names nothing that exists. `mcp` alone, and nothing at all,
 * leave the choice to the person: everything but administration is offered that some operation uses today (`inUse`). What reaches others
 * or administers (`offer: 'named'`) is ticked only when asked for by name; sending is always a tick of its own.
 */
export const offerFor = (
  scope: string | undefined,
  resource: Resource,
  inUse: { has(scope: Scope): boolean },
): Offer | null => {
  const requested = namesIn(scope);
  const known = requested.filter((name) => isScope(name) || isCoarseScope(name));
  if (requested.length > 0 && known.length === 0) return null;
  const named = known.filter(isScope).filter((name) => name !== 'mcp');
  const coarse = widestOf(known);
  const umbrella = coarse ?? (named.length === 0 ? 'stint:write' : null);
  const covered = umbrella === null ? [] : expand(umbrella);
  // Who asked for nothing in particular is not given, unasked, what a later version will bring.
  const expanded = coarse === null ? covered.filter((name) => inUse.has(name)) : covered;
  const sending: Scope[] = expanded.includes('invoices:write') ? ['invoices:send'] : [];
  const asked = withReadScopes(named);
  const offered = new Set<Scope>(['mcp', ...asked, ...expanded, ...sending]);
  return {
    requested,
    offered: scopeNames.filter((name) => offered.has(name)).filter(fits(resource)),
    ticked: new Set(['mcp', ...asked, ...expanded.filter((name) => scopeTable[name].offer === 'safe')]),
    named: new Set(named),
    umbrellas: coarse === null ? [] : coarseNames.filter((name) => coarseCovers(coarse, name)),
  };
};

/** What a person gave. */
export interface Given {
  readonly scopes: Scope[];
  readonly coarse: CoarseScope | null;
}

/**
 * What was ticked, as it goes on the grant: never more than was offered, and with the permission to read beside every one to change,
 * without which that would be void. Null where nothing was ticked.
 */
export const givenOf = (offer: Offer, ticks: readonly string[], resource: Resource): Given | null => {
  const chosen = offer.offered.filter((scope) => scope !== 'mcp' && ticks.includes(scope));
  const coarse = widestOf(offer.umbrellas.filter((name) => ticks.includes(name)));
  if (chosen.length === 0 && coarse === null) return null;
  return { scopes: withReadScopes(resource === 'mcp' ? ['mcp', ...chosen] : chosen), coarse };
};

/** The `scope` of a token response. */
export const scopeText = ({
  scopes,
  coarse,
}: {
  scopes: readonly string[];
  coarse: CoarseScope | null;
}): string => [...scopes, ...(coarse === null ? [] : [coarse])].join(' ');

/** What a grant says about rights when one of its refresh tokens is used. */
export interface Carried {
  readonly granted: readonly string[];
  readonly coarse: CoarseScope | null;
  /** The names of the authorization request. */
  readonly requested: readonly string[];
  /** What the client was told with this refresh token. */
  readonly told: readonly string[];
}

const sameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name) => other.includes(name));

/**
 * What the `scope` of a refresh request narrows the new access token to: null is "as before", undefined is `invalid_scope`.
 * Codex and mcp-remote always send the scopes that they asked for or were told; taken literally that would keep a permission that the
 * person added since out of reach, so the same set means "as before". Anything never granted nor asked for is widening.
 * @see RFC 6749 section 6
 */
export const narrowedBy = (scope: string | undefined, carried: Carried): string[] | null | undefined => {
  const isKnown = (name: string) => isScope(name) || isCoarseScope(name);
  const names: readonly string[] = namesIn(scope).filter(isKnown);
  if (namesIn(scope).length === 0) return null;
  if (names.length === 0) return undefined;
  const { granted, coarse, requested, told } = carried;
  if (sameSet(names, ['mcp']) || sameSet(names, told) || sameSet(names, requested.filter(isKnown)))
    return null;
  const wanted = widestOf(names);
  const umbrella: readonly string[] = wanted === null ? [] : expand(wanted);
  const allowed = new Set<string>([...granted, ...requested, ...told]);
  const within = names.every(
    (name) => allowed.has(name) || (isCoarseScope(name) && coarseCovers(coarse, name)),
  );
  if (!within) return undefined;
  const kept = granted.filter((name) => name === 'mcp' || names.includes(name) || umbrella.includes(name));
  const keptCoarse =
    wanted !== null && coarse !== null ? (coarseCovers(coarse, wanted) ? wanted : coarse) : null;
  if (kept.every((name) => name === 'mcp') && keptCoarse === null) return undefined;
  if (kept.length === granted.length && keptCoarse === coarse) return null;
  return [...kept, ...(keptCoarse === null ? [] : [keptCoarse])];
};
