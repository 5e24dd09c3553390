import type { Database } from '#database/database.ts';

/** No answer of the store is used longer than this, whoever changed it where. */
const longest = 1_000;
const most = 10_000;

interface Kept<Row> {
  readonly row: Row;
  readonly version: number;
  readonly until: number;
}

/**
 * What the store said about credentials, kept for a second at most and only until it changes: the store tells every process when
 * something changes that access rests on, and the process that changes it hears so before its own answer goes out.
 * @see docs/decisions/0015-who-may-act-is-known-for-a-second.md
 */
export const credentialCache = <Row>() => {
  const caches = new WeakMap<object, Map<string, Kept<Row>>>();
  return async (
    { identity, accessVersion }: Database,
    hash: Buffer,
    lookUp: () => Promise<Row | undefined>,
  ): Promise<Row | undefined> => {
    // Both before the store is asked: what changes meanwhile makes the answer an old one.
    const version = accessVersion();
    const now = performance.now();
    if (version === null) return lookUp();
    let cache = caches.get(identity);
    if (cache === undefined) {
      cache = new Map<string, Kept<Row>>();
      caches.set(identity, cache);
    }
    const key = hash.toString('base64');
    const known = cache.get(key);
    if (known !== undefined && known.version === version && now < known.until) return known.row;
    cache.delete(key);
    const row = await lookUp();
    if (row === undefined) return undefined;
    cache.set(key, { row, version, until: now + longest });
    const [oldest] = cache.keys();
    if (cache.size > most && oldest !== undefined) cache.delete(oldest);
    return row;
  };
};
