import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { tar, untar } from './tar.ts';

const entries = [
  { path: 'base', bytes: null },
  { path: 'base/5', bytes: null },
  { path: 'base/5/1', bytes: Buffer.from('x'.repeat(513)) },
  { path: 'empty', bytes: Buffer.alloc(0) },
];

test('an archive is read back as it was written', () => {
  expect(untar(tar(entries))).toEqual(entries);
});

test('the system’s tar reads it too', () => {
  const listing = execFileSync('tar', ['-tf', '-'], { input: tar(entries), encoding: 'utf8' });
  expect(listing.trim().split('\n')).toEqual(['base/', 'base/5/', 'base/5/1', 'empty']);
});

test('an archive that is cut short, or points out of its folder, is refused', () => {
  expect(() => untar(tar(entries).subarray(0, 1700))).toThrow('cut short');
  expect(() => untar(tar([{ path: '../out', bytes: Buffer.alloc(1) }]))).toThrow('points out of the image');
  expect(() => untar(Buffer.alloc(1024, 'not a tar'))).toThrow('not a database image');
});
