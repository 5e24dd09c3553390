import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { isLost } from './lost-connection.ts';

/** What Node says of a write to a connection that was treated so before. */
const failureAfter = async (treat: (near: Socket, far: Socket) => Promise<unknown>): Promise<unknown> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const arrived = once(server, 'connection') as Promise<[Socket]>;
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  const [far] = await arrived;
  far.on('error', () => undefined);
  await treat(near, far);
  const failure = await new Promise((resolve) => near.write('x', resolve));
  far.destroy();
  server.close();
  return failure;
};

test.each<[string, (near: Socket, far: Socket) => Promise<unknown>]>([
  ['the other end has hung up', (near, far) => (far.end(), once(near.resume(), 'close'))],
  ['we have hung up', (near) => (near.destroy(), once(near, 'close'))],
  ['we have said our last', (near) => Promise.resolve(near.end())],
])('a write after %s means that the connection is lost', async (_, treat) => {
  expect(isLost(await failureAfter(treat))).toBe(true);
});

test('a fault of ours does not mean that', () => {
  expect(isLost(new TypeError('values is not iterable'))).toBe(false);
  expect(isLost(Object.assign(new Error('no'), { code: 'ERR_INVALID_ARG_TYPE' }))).toBe(false);
});
