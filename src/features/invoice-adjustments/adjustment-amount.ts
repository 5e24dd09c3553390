import { z } from 'zod';
import type { InvoiceRow } from '#features/invoices/invoice-view.ts';
import { multiplyDivide, parseAmount } from '#values/money.ts';
import { parsePercent } from '#values/ratio.ts';
import { validationFailed } from '#values/refusal.ts';
import { type AdjustmentType, isDraftType } from './invoice-adjustment.ts';

/** An amount above zero at the doors; a rounding may also be below. */
export const adjustmentAmount = z
  .string()
  .trim()
  .refine((text) => /^-?\d{1,13}(\.\d{1,8})?$/.test(text), {
    error: 'must be an amount as text with a point and no thousands separators, like "12.50"',
  });

/** Of which types the client owes more. */
const more = new Set<AdjustmentType>(['surcharge', 'late_fee', 'rounding']);
const million = 1_000_000n;

/** What is given at the door as it is kept: signed as the client feels it, and the other way round on a credit note. */
export const signedAmount = (
  row: InvoiceRow,
  type: AdjustmentType,
  { amount, percent }: { amount?: string | undefined; percent?: string | undefined },
): bigint => {
  const size = sizeOf(row, type, { amount, percent });
  if (size === 0n) {
    const field = percent === undefined ? 'amount' : 'percent';
    throw validationFailed({ message: `This comes to nothing in ${row.currency}.` }, field);
  }
  if (size < 0n && type !== 'rounding') {
    const message = `amount is given above zero: that a ${type} ${more.has(type) ? 'adds to' : 'takes off'} the invoice follows from its type.`;
    throw validationFailed({ message }, 'amount');
  }
  return more.has(type) === (row.kind === 'invoice') ? size : -size;
};

const sizeOf = (
  row: InvoiceRow,
  type: AdjustmentType,
  { amount, percent }: { amount?: string | undefined; percent?: string | undefined },
): bigint => {
  if ((amount === undefined) === (percent === undefined)) {
    throw validationFailed({ message: 'Give amount or percent, one of them.' }, 'amount');
  }
  if (amount !== undefined) return parseAmount(amount, row.currency, 'amount');
  if (type === 'rounding') {
    throw validationFailed({ message: 'A rounding is an amount, not a percentage.' }, 'percent');
  }
  const base = isDraftType(type) ? row.subtotal_minor : row.balance_minor;
  const part = multiplyDivide(base, BigInt(parsePercent(percent!, { field: 'percent' })), million);
  return part < 0n ? -part : part;
};
