import type { Context } from 'hono';
import type { DoorHouse } from '#doors/common/house.ts';
import { refuseCrossSite } from '#doors/common/same-site.ts';
import { validationFailed } from '#values/refusal.ts';

const mostBytes = 64 * 1024;

/** A form that somebody sent. */
export interface Form {
  /** The field's value, or an empty text. Passwords are taken as they are; everything else is the caller's to trim. */
  text(name: string): string;
  /** Every value of a field that can be there more than once. */
  all(name: string): string[];
}

/** Reads the form of a request of our own pages. Throws `cross_site_request`, or `validation_failed` for one that is too long. */
export const readForm = async (c: Context, house: DoorHouse): Promise<Form> => {
  refuseCrossSite(c, house);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body = c.req.raw.body as ReadableStream<Uint8Array> | null;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > mostBytes) throw validationFailed({ message: 'This form is too long.' });
    chunks.push(chunk);
  }
  const fields = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
  // No keyboard types it, and the store cannot keep it.
  if ([...fields.values()].some((value) => value.includes('\0')))
    throw validationFailed({ message: 'This form holds a null character.' });
  return { text: (name) => fields.get(name) ?? '', all: (name) => fields.getAll(name) };
};
