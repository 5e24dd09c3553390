import { zoneOf } from '#values/local-time.ts';
import { exponents } from '#values/money.ts';
import { validationFailed } from '#values/refusal.ts';

const invalid = (field: string, message: string) => validationFailed({ message }, field);

/** An address as accounts are found by it: trimmed, in lower case, compatible characters made one. */
export const addressKey = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/** An address as it is stored: trimmed and in lower case. Throws `validation_failed`. */
export const readEmail = (text: string): string => {
  const email = addressKey(text);
  if (email.length > 254 || !/^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(email)) {
    throw invalid('email', 'Give an e-mail address, like ada@example.com.');
  }
  return email;
};

/** A name as it is stored: one line without control or direction marks. Throws `validation_failed`. */
export const readName = (text: string): string => {
  const name = text
    .normalize('NFC')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  if (name === '' || Array.from(name).length > 100)
    throw invalid('name', 'Give a name of 1 to 100 characters.');
  return name;
};

/** An IANA time zone, in its usual spelling. Throws `validation_failed`. */
export const readTimezone = (text: string): string => {
  const zone = zoneOf(text);
  if (zone === null) throw invalid('timezone', 'Give a time zone by its name, like Europe/Berlin.');
  return zone;
};

/** The code of a currency (ISO 4217) that has amounts. Throws `validation_failed`. */
export const readCurrency = (code: string): string => {
  if (!exponents.has(code)) throw invalid('currency', `"${code}" is not the code of a currency, like EUR.`);
  return code;
};

/** The name of a workspace in addresses: small letters, digits and hyphens, at most 48. Throws `validation_failed`. */
export const readSlug = (text: string): string => {
  if (!/^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$/.test(text)) {
    throw invalid(
      'slug',
      'A slug is 1 to 48 small letters, digits and hyphens, with a letter or digit at both ends.',
    );
  }
  return text;
};
