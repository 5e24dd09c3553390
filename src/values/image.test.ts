import { expect, test } from 'vitest';
import { sniffImage } from './image.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const frame = [0xff, 0xc0, 0x00, 0x0b, 0x08, 0x00, 0x10, 0x00, 0x20, 0x01, 0x01, 0x11, 0x00];
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x04, 0x4a, 0x46, ...frame]);

test('a PNG and a JPEG are known by their bytes, with their size', () => {
  expect(sniffImage(png)).toEqual({ mime: 'image/png', width: 1, height: 1 });
  expect(sniffImage(jpeg)).toEqual({ mime: 'image/jpeg', width: 32, height: 16 });
});

test('anything else is not, whatever it calls itself', () => {
  for (const text of ['', 'GIF89a', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'PNG', 'a'.repeat(100)])
    expect(sniffImage(Buffer.from(text))).toBeNull();
  for (let length = 0; length < 33; length += 1) expect(sniffImage(png.subarray(0, length))).toBeNull();
  for (let length = 0; length < 14; length += 1) expect(sniffImage(jpeg.subarray(0, length))).toBeNull();
  expect(sniffImage(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0]))).toBeNull();
});
