import { lookup as resolve, type LookupAddress } from 'node:dns';
import { request } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** A document fetched from an address that somebody else chose. */
export interface FetchedDocument {
  readonly body: string;
  /** What Cache-Control allows, or null where it says nothing. */
  readonly maxAgeSeconds: number | null;
}
export type FetchDocument = (url: string) => Promise<FetchedDocument>;

/** How names become addresses: the resolver of the machine, asked for all of them. */
export type LookupFunctionOfAll = (
  name: string,
  options: { all: true; family: number },
  answer: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

const specialV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const specialV6 = [
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** The addresses that no document may come from: private, local, mapped, translated, multicast, reserved. @see RFC 6890 */
export const specialAddresses = new BlockList();
for (const [family, networks] of [
  ['ipv4', specialV4],
  ['ipv6', specialV6],
] as const) {
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    specialAddresses.addSubnet(address, Number(bits), family);
  }
}

/** Whether an address may not be reached. IPv4 inside IPv6 is refused as a whole: a BlockList reads that rule as "every IPv4 address". */
const isForbidden = (forbidden: BlockList, address: string): boolean => {
  const family = isIP(address);
  if (family === 0 || /^::ffff:/i.test(address)) return true;
  return forbidden.check(address, family === 4 ? 'ipv4' : 'ipv6');
};

/**
 * Whether an address may be fetched at all: https, written exactly as the URL standard writes it (so no dot segments, default port,
 * decimal or hexadecimal hosts), without user name, password or fragment.
 */
export const isPlainHttpsUrl = (url: string): boolean => {
  if (url.length > 2000 || !URL.canParse(url)) return false;
  const { href, protocol, username, password } = new URL(url);
  return href === url && protocol === 'https:' && username === '' && password === '' && !url.includes('#');
};

/** The longest that Cache-Control allows, in seconds; null where it says nothing. */
const maxAgeIn = (header: string | undefined): number | null => {
  if (header === undefined) return null;
  if (/\bno-(store|cache)\b/i.test(header)) return 0;
  const age = /\bmax-age=(\d{1,9})\b/i.exec(header)?.[1];
  return age === undefined ? null : Number(age);
};

/**
 * Makes a fetcher for addresses that clients choose. It follows no redirect, waits 5 seconds in all, reads 10 KB at most, and connects
 * only to an address that it has checked itself, so a name that answers differently the second time gains nothing.
 * The arguments are for tests, which have no public address to fetch from.
 * @see OWASP Server-Side Request Forgery Prevention
 */
export const guardedFetch =
  (
    options: { forbidden?: BlockList; ca?: string; lookup?: LookupFunctionOfAll; timeoutMs?: number } = {},
  ): FetchDocument =>
  async (url) => {
    const { forbidden = specialAddresses, ca, timeoutMs = 5000 } = options;
    const look: LookupFunctionOfAll = options.lookup ?? resolve;
    if (!isPlainHttpsUrl(url)) throw new Error('not a plain https address');
    const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
    // `lookup` is not asked for an address that is written out.
    if (isIP(host) !== 0 && isForbidden(forbidden, host)) throw new Error('the address is not public');

    const lookup: LookupFunction = (name, { family, all }, answer) => {
      look(name, { all: true, family: typeof family === 'number' ? family : 0 }, (error, found) => {
        if (error !== null) return answer(error, []);
        if (found.length === 0 || found.some(({ address }) => isForbidden(forbidden, address))) {
          return answer(new Error('the name leads to an address that is not public'), []);
        }
        const [first] = found;
        return all === true || first === undefined
          ? answer(null, found)
          : answer(null, first.address, first.family);
      });
    };

    return await new Promise<FetchedDocument>((done, failed) => {
      const outgoing = request(url, {
        agent: false,
        lookup,
        signal: AbortSignal.timeout(timeoutMs),
        headers: { accept: 'application/json', 'user-agent': 'Stint' },
        ...(ca === undefined ? {} : { ca }),
      });
      outgoing.on('error', failed);
      outgoing.on('response', (response) => {
        if (response.statusCode !== 200) {
          outgoing.destroy(new Error(`answered ${response.statusCode}`));
          return;
        }
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size > 10 * 1024) outgoing.destroy(new Error('longer than 10 KB'));
        });
        response.on('error', failed);
        response.on('end', () =>
          done({
            body: Buffer.concat(chunks).toString('utf8'),
            maxAgeSeconds: maxAgeIn(response.headers['cache-control']),
          }),
        );
      });
      outgoing.end();
    });
  };
