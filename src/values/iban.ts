import { z } from 'zod';

/** An IBAN without spaces, in capitals. */
const compact = (text: string): string => text.replaceAll(/\s/g, '').toUpperCase();

/**
 * Whether the check digits fit: the country and the digits moved to the end, letters read as 10 to 35, the whole is 1 modulo 97.
 *
 * @see ISO 13616-1, ISO 7064 MOD 97-10
 */
export const isIban = (text: string): boolean => {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false;
  const digits = (text.slice(4) + text.slice(0, 4)).replaceAll(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  return BigInt(digits) % 97n === 1n;
};

/** An IBAN at the doors, with or without spaces. */
export const ibanInput = z
  .string()
  .max(60)
  .overwrite(compact)
  .refine(isIban, { error: 'must be an IBAN whose check digits fit, like DE89 3704 0044 0532 0130 00' })
  .describe('IBAN.');

/**
 * A BIC at the doors.
 *
 * @see ISO 9362:2022
 */
export const bicInput = z
  .string()
  .max(20)
  .overwrite(compact)
  .refine((text) => /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(text), {
    error: 'must be a BIC of 8 or 11 characters, like COBADEFFXXX',
  })
  .describe('BIC.');
