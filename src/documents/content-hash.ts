import { createHash } from 'node:crypto';
import type { InvoiceDocument } from './invoice-document.ts';

/** JSON with the keys in order, so that how a value was put together does not show. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
};

/**
 * SHA-256 in hex over what a document says, without its number.
 *
 * A number is given at the moment of issuing. Were it part of the hash, nobody could confirm in a preview what is sent
 * afterwards: the draft that was looked at and the document that leaves have one hash, and only a change of what was agreed
 * to gives another. For the same reason a payment reference counts as none while it is empty or is the number itself.
 */
export const contentHash = ({ number, payment, ...rest }: InvoiceDocument): string => {
  const reference = payment?.reference === number ? '' : payment?.reference;
  return createHash('sha256')
    .update(canonical({ ...rest, payment: payment && { ...payment, reference } }))
    .digest('hex');
};
