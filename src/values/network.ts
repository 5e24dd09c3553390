import { isIPv6 } from 'node:net';

/** IPv4 in IPv6 as IPv4, without the name of an interface. */
const plainAddress = (address: string): string =>
  address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

/** The network of an address: /24 of IPv4, and of IPv6 as many bits as asked (48 or 64). Takes IPv4 in IPv6 as IPv4. */
export const networkOf = (address: string, ipv6Bits: 48 | 64): string => {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const full =
    tail === undefined
      ? groups
      : [...groups, ...Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0'), ...rest];
  const kept = full.slice(0, ipv6Bits / 16).map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
  return `${kept.join(':')}::/${ipv6Bits}`;
};

/**
 * What a limit counts a stranger by: the address itself, for neighbours in an IPv4 network are other people's; of IPv6 the /64, which one
 * machine can roam in.
 */
export const callerOf = (address: string): string => {
  const plain = plainAddress(address);
  return isIPv6(plain) ? networkOf(plain, 64) : plain;
};
