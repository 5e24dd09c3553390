import { expect, test } from 'vitest';
import { callerOf, networkOf } from './network.ts';

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address, 64)).toBe(network);
});

test('two addresses of one household are one network', () => {
  expect(networkOf('2001:db8:1:2:aaaa::1', 64)).toBe(networkOf('2001:db8:1:2:bbbb:cccc::2', 64));
  expect(networkOf('2001:db8:1:2::1', 48)).toBe('2001:db8:1::/48');
});

test('neighbours in an IPv4 network are counted apart, one machine in its IPv6 network is counted once', () => {
  expect(callerOf('203.0.113.77')).toBe('203.0.113.77');
  expect(callerOf('::ffff:203.0.113.77')).toBe('203.0.113.77');
  expect(callerOf('2001:db8:1:2:aaaa::1')).toBe(callerOf('2001:db8:1:2:bbbb::2'));
});
