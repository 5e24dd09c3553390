import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Database } from '#database/database.ts';
import { callerOf } from '#values/network.ts';
import { type ClientMetadata, readClientMetadata } from './oauth-client-metadata.ts';
import { type OauthClient, saveDocumentClient, storedClient } from './oauth-clients.ts';
import { isOauthError, oauthError } from './oauth-error.ts';
import { type FetchDocument, isPlainHttpsUrl } from './oauth-fetch.ts';
import { knownClients } from './oauth-known-clients.ts';

/** Whether a client id is the address of a document. */
export const isDocumentId = (id: string): boolean => /^https?:/i.test(id);

const parse = (id: string, body: string): ClientMetadata => {
  let said: unknown;
  try {
    said = JSON.parse(body);
  } catch {
    throw oauthError('invalid_client', 'the document at the client id is not JSON');
  }
  if (typeof said !== 'object' || said === null || !('client_id' in said) || said.client_id !== id) {
    throw oauthError('invalid_client', 'the document at the client id does not name this client id');
  }
  if ('client_secret' in said || 'client_secret_expires_at' in said) {
    throw oauthError(
      'invalid_client',
      'the document at the client id holds a secret, which everybody can read',
    );
  }
  try {
    return readClientMetadata(said, 'cimd');
  } catch (error) {
    if (!isOauthError(error)) throw error;
    throw oauthError('invalid_client', `the document at the client id cannot be used: ${error.message}`);
  }
};

const clamp = (seconds: number): number => Math.min(Math.max(seconds, 5 * 60), 24 * 60 * 60);
/** How long a document that cannot be had any more is still believed. */
const staleHours = 24;
const negativeSeconds = 60;
const mostNegatives = 1000;

/** Finds clients whose id is the address of their metadata document. */
export type FindDocumentClient = (id: string, ip: string, now: Temporal.Instant) => Promise<OauthClient>;

/**
 * Makes the finder. A document is fetched when there is no fresh copy, once however many ask; a failure is remembered for a minute; fetches
 * are limited per asking caller and per host. Where it cannot be had, or was asked for too often: the copy kept (24 hours at most), else a
 * copy that we ship.
 * Throws `invalid_client`, or `temporarily_unavailable` over the limit.
 * @see draft-ietf-oauth-client-id-metadata-document
 */
export const documentClients = (database: Database, fetchDocument: FetchDocument): FindDocumentClient => {
  const perNetwork = new RateLimiterMemory({ points: 30, duration: 60 });
  const perHost = new RateLimiterMemory({ points: 20, duration: 60 });
  const failures = new Map<string, { until: Temporal.Instant; error: Error }>();
  const underWay = new Map<string, Promise<OauthClient>>();

  const take = async (id: string, ip: string): Promise<void> => {
    try {
      await perNetwork.consume(callerOf(ip));
      await perHost.consume(new URL(id).host);
    } catch {
      throw oauthError(
        'temporarily_unavailable',
        'too many client documents were asked for; try again in a minute',
        60,
      );
    }
  };

  /** What the document says, or why it cannot be had. */
  const fetchMetadata = async (id: string, ip: string) => {
    try {
      await take(id, ip);
      const { body, maxAgeSeconds } = await fetchDocument(id);
      return { metadata: parse(id, body), maxAgeSeconds };
    } catch (error) {
      return isOauthError(error)
        ? error
        : oauthError('invalid_client', 'the document at the client id could not be fetched');
    }
  };

  const fetchClient = async (id: string, ip: string, now: Temporal.Instant): Promise<OauthClient> => {
    const said = await fetchMetadata(id, ip);
    if (!isOauthError(said)) {
      const freshUntil = now.add({ seconds: clamp(said.maxAgeSeconds ?? 60 * 60) });
      return await saveDocumentClient(database, id, said.metadata, now, freshUntil);
    }
    const kept = await storedClient(database, id);
    const believed = kept?.freshUntil?.add({ hours: staleHours });
    if (kept !== null && believed !== undefined && Temporal.Instant.compare(believed, now) > 0) return kept;
    const shipped = Object.hasOwn(knownClients, id) ? knownClients[id] : undefined;
    if (shipped !== undefined) {
      const metadata = readClientMetadata(shipped, 'cimd');
      return await saveDocumentClient(database, id, metadata, now, now.add({ minutes: 60 }));
    }
    // Who asks too much says nothing about the document.
    if (said.oauthCode === 'invalid_client') {
      if (failures.size >= mostNegatives) failures.clear();
      failures.set(id, { until: now.add({ seconds: negativeSeconds }), error: said });
    }
    throw said;
  };

  return async (id, ip, now) => {
    if (!isPlainHttpsUrl(id) || new URL(id).pathname === '/') {
      throw oauthError(
        'invalid_client',
        'a client id that is an address is https, with a path, written in its plain form',
      );
    }
    const kept = await storedClient(database, id);
    if (kept?.freshUntil != null && Temporal.Instant.compare(kept.freshUntil, now) > 0) return kept;
    const failed = failures.get(id);
    if (failed !== undefined && Temporal.Instant.compare(failed.until, now) > 0) throw failed.error;
    failures.delete(id);
    const already = underWay.get(id);
    if (already !== undefined) return await already;
    const fetching = fetchClient(id, ip, now).finally(() => underWay.delete(id));
    underWay.set(id, fetching);
    return await fetching;
  };
};
