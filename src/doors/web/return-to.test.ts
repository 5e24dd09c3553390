import { expect, test } from 'vitest';
import { localPath } from './return-to.ts';

test.each([
  ['/account/tokens', '/account/tokens'],
  ['/oauth/authorize?client_id=a&state=b%20c#x', '/oauth/authorize?client_id=a&state=b%20c#x'],
])('goes on to %s', (given, path) => {
  expect(localPath(given)).toBe(path);
});

test.each([
  undefined,
  '',
  'account',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/.//evil.example',
  '/x/..//evil.example',
  'javascript:alert(1)',
  ' //evil.example',
  '/%5c/../\\evil.example//..//evil',
])('%j leads home, never to another site', (given) => {
  const path = localPath(given);
  expect(new URL(path, 'http://here.example').origin).toBe('http://here.example');
  if (given === undefined || !given.startsWith('/') || given.startsWith('//') || given.startsWith('/\\'))
    expect(path).toBe('/');
});
