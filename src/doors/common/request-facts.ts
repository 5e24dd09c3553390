import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { RequestFacts } from '#operation/run.ts';
import { networkOf } from '#values/network.ts';
import type { DoorHouse } from './house.ts';

/** The network of an address: /24 of IPv4, /48 of IPv6. Enough to recognise, too little to follow somebody. */
export const ipPrefixOf = (address: string): string => networkOf(address, 48);

/** Who speaks: the peer of the socket, or the last hop that a trusted proxy vouches for. */
export const remoteAddress = (c: Context, house: DoorHouse): string => {
  const forwarded = house.config.trustProxy
    ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
    : undefined;
  const peer = (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress;
  return forwarded ?? peer ?? '127.0.0.1';
};

/** What `run` is told of a request. */
export const requestFacts = (c: Context, house: DoorHouse, source: RequestFacts['source']): RequestFacts => ({
  id: randomUUID(),
  source,
  ipPrefix: ipPrefixOf(remoteAddress(c, house)),
});
