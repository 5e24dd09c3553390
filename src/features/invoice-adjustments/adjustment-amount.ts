import type { InvoiceRow } from '#features/invoices/invoice-view.ts';
import { exponentOf, formatAmount, multiplyDivide, parseAmount } from '#values/money.ts';
import { parsePercent } from '#values/ratio.ts';
import { validationFailed } from '#values/refusal.ts';
import { type AdjustmentType, isDraftType } from './invoice-adjustment.ts';

/** Of which types the client owes more. */
const more = new Set<AdjustmentType>(['surcharge', 'late_fee', 'rounding']);
const million = 1_000_000n;

/** A rounding makes an even sum: all of it together stays within one unit of the currency, or the coin that the invoice rounds to. */
const refuseLargeRounding = (
  { currency, rounding_minor, cash_rounding_minor }: InvoiceRow,
  added: bigint,
) => {
  const unit = 10n ** BigInt(exponentOf(currency));
  const most = cash_rounding_minor !== null && cash_rounding_minor > unit ? cash_rounding_minor : unit;
  const whole = rounding_minor + added;
  if (whole <= most && whole >= -most) return;
  const text = (minor: bigint) => `${formatAmount(minor, currency)} ${currency}`;
  const message = `The rounding would come to ${text(whole)}; it is at most ${text(most)} either way. What is more is a discount or a surcharge.`;
  throw validationFailed({ message }, 'amount');
};

/**
 * What is given at the door as it is kept, in minor units: signed as the client feels it, and the other way round on a credit note.
 * Refuses what comes to nothing, a sign that the type does not have, and a rounding that is more than that.
 */
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
  const signed = more.has(type) === (row.kind === 'invoice') ? size : -size;
  if (type === 'rounding') refuseLargeRounding(row, signed);
  return signed;
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
