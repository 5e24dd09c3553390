import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startProgram } from '#testing/program.ts';

test('where it cannot listen it says so, names what to change, and ends', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stint-program-'));
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const start = (env: Record<string, string>) =>
    startProgram({ STINT_DATA_DIR: join(folder, 'data'), ...env });
  try {
    await expect(start({ PORT: String(port) })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is in use; PORT and HOST choose another one.`,
    );
    // An address that is nobody's (RFC 5737).
    await expect(start({ HOST: '192.0.2.1' })).rejects.toThrow('Port 0 of 192.0.2.1 cannot be listened on');
  } finally {
    other.close();
    await rm(folder, { recursive: true });
  }
});
