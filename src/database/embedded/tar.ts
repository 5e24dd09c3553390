/** A file, or with `bytes` null a folder, by its path inside the archive. */
export interface TarEntry {
  path: string;
  bytes: Uint8Array | null;
}

const block = 512;

/**
 * Writes a ustar archive. Paths up to 100 bytes; owners, times and modes are left out, so the same files give the same bytes.
 * @see POSIX.1-2017, pax, "ustar Interchange Format"
 */
export const tar = (entries: Iterable<TarEntry>): Buffer => {
  const parts: Uint8Array[] = [];
  for (const { path, bytes } of entries) {
    const header = Buffer.alloc(block);
    const name = bytes ? path : `${path}/`;
    if (Buffer.byteLength(name) > 100) throw new Error(`${path} is too long a name for the archive`);
    header.write(name, 0);
    header.write(bytes ? '0000600' : '0000700', 100);
    header.write('0000000', 108);
    header.write('0000000', 116);
    header.write((bytes?.length ?? 0).toString(8).padStart(11, '0'), 124);
    header.write('00000000000', 136);
    header.write('        ', 148);
    header.write(bytes ? '0' : '5', 156);
    header.write('ustar\u000000', 257, 'latin1');
    const checksum = header.reduce((sum, byte) => sum + byte, 0);
    header.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148);
    parts.push(header);
    if (bytes) parts.push(bytes, Buffer.alloc(-bytes.length & (block - 1)));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
};

/** Reads what `tar` has written; the contents are views into `archive`. */
export const untar = (archive: Uint8Array): TarEntry[] => {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const entries: TarEntry[] = [];
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0;) {
    const field = (from: number, length: number) =>
      bytes.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    if (field(257, 5) !== 'ustar') throw new Error('This is not a database image (no ustar header).');
    const path = field(0, 100);
    const size = parseInt(field(124, 12), 8);
    const start = at + block;
    if (path.startsWith('/') || path.split('/').includes('..'))
      throw new Error(`${path} points out of the image.`);
    if (start + size > bytes.length) throw new Error('The database image is cut short.');
    if (field(156, 1) === '5') entries.push({ path: path.replace(/\/$/, ''), bytes: null });
    else entries.push({ path, bytes: bytes.subarray(start, start + size) });
    at = start + Math.ceil(size / block) * block;
  }
  return entries;
};
