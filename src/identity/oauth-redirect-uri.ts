/** `http` to the machine itself: the three spellings, any port. The rest of the address is kept as it was written. */
const loopback = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?([/?].*)?$/;

/** Schemes that run or show something instead of handing a code to an app. */
const dangerousSchemes = new Set([
  'about:',
  'blob:',
  'data:',
  'file:',
  'filesystem:',
  'ftp:',
  'intent:',
  'jar:',
  'javascript:',
  'mailto:',
  'ms-msdt:',
  'ms-officecmd:',
  'search-ms:',
  'shell:',
  'sms:',
  'tel:',
  'vbscript:',
  'view-source:',
  'ws:',
  'wss:',
]);

/**
 * Why a redirect URI cannot be registered, or null where it can: https, http on loopback, and an app's own scheme.
 * @see RFC 9700 section 2.1, RFC 8252 section 7
 */
export const whyNotRedirectUri = (uri: string): string | null => {
  if (uri.length > 2000) return 'longer than 2,000 characters';
  if (/[\s\\\u0000-\u001f\u007f]/.test(uri) || !URL.canParse(uri)) return 'not an address';
  const { protocol, username, password, hostname } = new URL(uri);
  if (uri.includes('#')) return 'has a fragment';
  if (username !== '' || password !== '') return 'has a user name or password in it';
  if (dangerousSchemes.has(protocol)) return `${protocol} is not allowed`;
  if (protocol === 'https:') return hostname === '' ? 'not an address' : null;
  if (protocol === 'http:')
    return loopback.test(uri) ? null : 'http is only for localhost, 127.0.0.1 and [::1]';
  return null;
};

/**
 * Whether `given` is one of the registered addresses: character by character, but for the port of an http address on loopback, which
 * native apps choose at random. Host and path stay exact there too.
 * @see RFC 8252 section 7.3
 */
export const isRegistered = (registered: readonly string[], given: string): boolean => {
  if (registered.includes(given)) return true;
  const [, host, rest = ''] = loopback.exec(given) ?? [];
  if (host === undefined || whyNotRedirectUri(given) !== null) return false;
  return registered.some((uri) => {
    const [, ownHost, ownRest = ''] = loopback.exec(uri) ?? [];
    return ownHost === host && ownRest === rest;
  });
};

/** Whether the browser is sent to the person's own machine, where any program may listen. */
export const isLoopback = (uri: string): boolean => loopback.test(uri);

/** Where the browser goes, short enough to read: host and port, or an app's scheme. */
export const redirectHostOf = (uri: string): string => {
  const { protocol, host } = new URL(uri);
  return protocol === 'https:' || protocol === 'http:' ? host : `${protocol}//${host}`;
};

/** The redirect URI with an answer added; what was registered stays as it is, and a space is `%20`, for Codex shows a `+` as it is. */
export const answerAt = (uri: string, answer: Readonly<Record<string, string | undefined>>): string => {
  const query = Object.entries(answer)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join('&');
  return `${uri}${uri.includes('?') ? '&' : '?'}${query}`;
};
