/** What an image says of itself in its first bytes. */
export interface ImageFacts {
  readonly mime: 'image/png' | 'image/jpeg';
  readonly width: number;
  readonly height: number;
}

/** @see PNG (Third Edition), 5.2 signature and 11.2.1 IHDR */
const png = (bytes: Buffer): ImageFacts | null => {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  if (bytes.length < 33 || !signature.every((byte, at) => bytes[at] === byte)) return null;
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  return { mime: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
};

// Start of frame: the markers that carry the size. C4, C8 and CC are others in the same range.
const startsFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** @see ITU-T T.81, annex B: segments one after another, each with its length, up to the frame header. */
const jpeg = (bytes: Buffer): ImageFacts | null => {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (startsFrame(marker))
      return { mime: 'image/jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    const length = bytes.readUInt16BE(at + 2);
    if (length < 2) return null;
    at += 2 + length;
  }
  return null;
};

/** What these bytes are, by the bytes alone: a PNG or JPEG and its size in pixels, or null. */
export const sniffImage = (bytes: Buffer): ImageFacts | null => png(bytes) ?? jpeg(bytes);
