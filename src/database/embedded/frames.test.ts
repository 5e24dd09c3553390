import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameMessages } from './frames.ts';

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const startup = message(' ', Buffer.from('\0\x03\0\0user\0postgres\0\0')).subarray(1);

test('messages come out whole and in order, however the bytes were cut', () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(messages, fc.infiniteStream(fc.integer({ min: 1, max: 30 })), (bodies, cuts) => {
      const sent = Buffer.concat([startup, ...bodies.map((body) => message('B', Buffer.from(body)))]);
      const frames = frameMessages();
      const batches: Buffer[] = [];
      for (let at = 0; at < sent.length;) {
        const size = cuts.next().value as number;
        batches.push(
          ...frames(new Uint8Array(sent.subarray(at, at + size))).map((batch) => Buffer.from(batch)),
        );
        at += size;
      }
      expect(Buffer.concat(batches)).toEqual(sent);
      expect(batches[0]).toEqual(startup);
      for (const batch of batches.slice(1)) {
        let at = 0;
        while (at < batch.length) at += 1 + batch.readInt32BE(at + 1);
        expect(at).toBe(batch.length);
      }
    }),
  );
});
