import qrcode from 'qrcode-generator';
import type { InvoiceDocument } from './invoice-document.ts';

/**
 * What a banking app reads from the code of an invoice, or null where there is nothing to pay in euros by transfer.
 *
 * @see European Payments Council, EPC069-12 v3.1, "Quick Response Code: Guidelines to Enable Data Capture for the
 * Initiation of a SEPA Credit Transfer": version 002, UTF-8, at most 331 bytes.
 */
export const epcPayload = (document: InvoiceDocument): string | null => {
  const { kind, currency, number, payable, payment, supplier } = document;
  if (payment?.iban == null || currency !== 'EUR' || number === null) return null;
  if (kind !== 'invoice' && kind !== 'reminder') return null;
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(payable) || !/[1-9]/.test(payable)) return null;
  const iban = payment.iban.replaceAll(/\s/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return null;
  const bic = (payment.bic ?? '').replaceAll(/\s/g, '').toUpperCase();
  const line = (text: string, length: number): string =>
    Array.from(text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim())
      .slice(0, length)
      .join('');
  const payload = [
    'BCD',
    '002',
    '1',
    'SCT',
    /^[A-Z0-9]{8}(?:[A-Z0-9]{3})?$/.test(bic) ? bic : '',
    line(payment.account_holder ?? supplier.name, 70),
    iban,
    `EUR${payable}`,
    '',
    '',
    line(payment.reference, 140),
  ].join('\n');
  return Buffer.byteLength(payload) <= 331 ? payload : null;
};

/** The squares of a QR code, row by row, true where dark; error correction M. */
export const qrSquares = (payload: string): readonly (readonly boolean[])[] => {
  const code = qrcode(0, 'M');
  // The library takes one byte from each character: it is given the bytes of UTF-8 as characters.
  code.addData(Buffer.from(payload, 'utf8').toString('latin1'), 'Byte');
  code.make();
  const size = Array.from({ length: code.getModuleCount() }, (_, index) => index);
  return size.map((row) => size.map((column) => code.isDark(row, column)));
};
