import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('without any variable it is a Stint for one machine', () => {
  expect(readConfig({ PORT: '', STINT_CIMD: '' })).toEqual({
    port: 4000,
    host: '127.0.0.1',
    dataDir: './data',
    databaseUrl: null,
    pooler: false,
    publicUrl: null,
    smtpUrl: null,
    logLevel: 'info',
    trustProxy: false,
    cimd: 'open',
    refreshGraceMinutes: 60,
  });
});

test('what is set is read', () => {
  const env = {
    PORT: '0',
    STINT_PUBLIC_URL: 'https://stint.example.com/',
    STINT_POOLER: '1',
    STINT_TRUST_PROXY: '1',
    STINT_CIMD: 'off',
    STINT_LOG_LEVEL: 'silent',
    SMTP_URL: 'smtp://localhost:1025',
  };
  expect(readConfig(env)).toMatchObject({
    port: 0,
    publicUrl: 'https://stint.example.com',
    pooler: true,
    trustProxy: true,
    cimd: 'off',
    logLevel: 'silent',
    smtpUrl: 'smtp://localhost:1025',
  });
});

test.each([
  ['PORT', '4000a', 'PORT must be a whole number from 0 to 65535, not "4000a".'],
  [
    'STINT_PUBLIC_URL',
    'https://example.com/stint',
    'STINT_PUBLIC_URL must be an origin like https://stint.example.com, not "https://example.com/stint".',
  ],
  [
    'DATABASE_URL',
    'localhost/stint',
    'DATABASE_URL must be an address like postgres://user:password@localhost:5432/stint.',
  ],
  ['STINT_CIMD', 'of', 'STINT_CIMD must be open or off, not "of".'],
  ['STINT_TRUST_PROXY', 'true', 'STINT_TRUST_PROXY must be 0 or 1, not "true".'],
  [
    'STINT_LOG_LEVEL',
    'loud',
    'STINT_LOG_LEVEL must be info or trace or debug or warn or error or silent, not "loud".',
  ],
  [
    'SMTP_URL',
    'mail.example.com:25/secret',
    'SMTP_URL must be an address like smtps://user:password@mail.example.com.',
  ],
])('%s=%s is refused in a sentence that names it', (name, value, sentence) => {
  expect(() => readConfig({ [name]: value })).toThrow(sentence);
});
