import type { Context } from 'hono';
import type { DoorHouse } from '#doors/common/house.ts';
import { readBytes } from '#doors/common/read-bytes.ts';
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

/** Reads the form of a request of our own pages. Throws `cross_site_request`, or `validation_failed` for what is no form. */
export const readForm = async (c: Context, house: DoorHouse): Promise<Form> => {
  refuseCrossSite(c, house);
  const bytes = await readBytes(c.req.raw, mostBytes);
  if (bytes === 'too_large') throw validationFailed({ message: 'This form is too long.' });
  if (bytes === 'cut_off') throw validationFailed({ message: 'This form could not be read to its end.' });
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (bytes.length > 0 && type !== 'application/x-www-form-urlencoded')
    throw validationFailed({ message: 'A form is sent as application/x-www-form-urlencoded.' });
  const fields = new URLSearchParams(bytes.toString('utf8'));
  // No keyboard types it, and the store cannot keep it.
  if ([...fields.values()].some((value) => value.includes('\0')))
    throw validationFailed({ message: 'This form holds a null character.' });
  const all = (name: string) => fields.getAll(name);
  return {
    all,
    text: (name) => {
      const [value = '', another] = all(name);
      if (another !== undefined)
        throw validationFailed({ message: `This form holds the field "${name}" more than once.` });
      return value;
    },
  };
};
