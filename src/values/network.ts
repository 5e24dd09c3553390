import { isIPv6 } from 'node:net';

/** The network of an address: /24 of IPv4, and of IPv6 as many bits as asked (48 or 64). Takes IPv4 in IPv6 as IPv4. */
export const networkOf = (address: string, ipv6Bits: 48 | 64): string => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
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
