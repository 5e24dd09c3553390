/**
 * Payments, adjustments and credit notes of one client as a bookkeeper would write them down: plain lists, summed up when asked. What
 * the store does is held against it. Amounts are minor units.
 */
export interface ModelInvoice {
  readonly total: bigint;
  readonly payments: {
    kind: 'payment' | 'refund' | 'credit_applied';
    amount: bigint;
    credit: bigint;
    live: boolean;
  }[];
  readonly adjustments: {
    type: 'late_fee' | 'credit' | 'write_off';
    amount: bigint;
    closes: boolean;
    live: boolean;
  }[];
  readonly notes: { amount: bigint; given: bigint; live: boolean }[];
}
export interface Model {
  readonly invoices: readonly ModelInvoice[];
  /** Signed movements of the client's credit. */
  readonly ledger: bigint[];
}
export type Step =
  | { do: 'payment' | 'refund' | 'credit_applied'; at: number; amount: bigint; keeps: boolean }
  | { do: 'late_fee' | 'credit' | 'write_off'; at: number; amount: bigint }
  | { do: 'note'; at: number; amount: bigint }
  | { do: 'reverse payment' | 'reverse adjustment' | 'void note'; at: number; which: number };

const live = <Each extends { live: boolean }>(all: readonly Each[]) => all.filter((each) => each.live);
const sum = <Each>(all: readonly Each[], of: (each: Each) => bigint): bigint =>
  all.reduce((total, each) => total + of(each), 0n);
const min = (one: bigint, other: bigint) => (one < other ? one : other);
const positive = (amount: bigint) => (amount > 0n ? amount : 0n);

export const creditIn = ({ ledger }: Model): bigint => sum(ledger, (each) => each);

/** What an invoice comes to by its lists. */
export const sumsIn = ({ total, payments, adjustments, notes }: ModelInvoice) => {
  const paid = sum(live(payments), ({ kind, amount, credit }) =>
    kind === 'refund' ? credit - amount : amount - credit,
  );
  const of = (type: string) => sum(live(adjustments), (each) => (each.type === type ? each.amount : 0n));
  const credited = of('credit') + sum(live(notes), ({ amount, given }) => amount - given);
  const missing = positive(total + of('late_fee') - credited - paid);
  const written_off = min(of('write_off'), missing);
  const closed = live(adjustments).some(({ closes }) => closes);
  return {
    paid,
    credited,
    written_off,
    late_fees: of('late_fee'),
    balance: total + of('late_fee') - credited - paid - written_off,
    written: closed && missing > 0n && missing === written_off,
    recovered: of('write_off') !== written_off,
  };
};

/** Does a step, or says the code of its refusal and changes nothing. */
export const doStep = (model: Model, step: Step): string | null => {
  const invoice = model.invoices[step.at]!;
  const { paid, balance, written_off, written, recovered } = sumsIn(invoice);
  const payable = balance + written_off;
  const given = sum(live(invoice.notes), (note) => note.given);
  const kept = positive(paid - given);
  const left =
    sum(live(invoice.payments), ({ kind, credit }) => (kind === 'refund' ? -credit : credit)) + given;
  const refundable = positive(min(left, creditIn(model)));
  switch (step.do) {
    case 'payment': {
      const credit = positive(step.amount - payable);
      if (credit > 0n && !step.keeps) return 'overpayment';
      invoice.payments.push({ kind: step.do, amount: step.amount, credit, live: true });
      model.ledger.push(credit);
      return null;
    }
    case 'credit_applied':
      if (step.amount > payable) return 'overpayment';
      if (step.amount > creditIn(model)) return 'not_enough_credit';
      invoice.payments.push({ kind: step.do, amount: step.amount, credit: 0n, live: true });
      model.ledger.push(-step.amount);
      return null;
    case 'refund': {
      const credit = min(step.amount, refundable);
      if (step.amount - credit > kept) return 'over_refund';
      invoice.payments.push({ kind: step.do, amount: step.amount, credit, live: true });
      model.ledger.push(-credit);
      return null;
    }
    case 'late_fee':
    case 'credit':
    case 'write_off':
      if (written) return 'invalid_state';
      if (step.do === 'late_fee' && recovered) return 'invalid_state';
      if (step.do === 'write_off' && balance === 0n) return 'invalid_state';
      if (step.do !== 'late_fee' && step.amount > balance) return 'would_be_negative';
      invoice.adjustments.push({
        type: step.do,
        amount: step.amount,
        closes: step.do === 'write_off' && step.amount === balance,
        live: true,
      });
      return null;
    case 'note': {
      if (step.amount > invoice.total) return 'validation_failed';
      const before = sum(live(invoice.notes), ({ amount }) => amount);
      if (step.amount > invoice.total - before || step.amount > balance + kept) return 'over_credit';
      const beyond = positive(step.amount - balance);
      invoice.notes.push({ amount: step.amount, given: beyond, live: true });
      model.ledger.push(beyond);
      return null;
    }
    case 'void note': {
      const note = invoice.notes[step.which]!;
      if (!note.live) return 'invalid_state';
      if (note.given > creditIn(model)) return 'credit_spent';
      note.live = false;
      model.ledger.push(-note.given);
      return null;
    }
    case 'reverse adjustment': {
      const adjustment = invoice.adjustments[step.which]!;
      if (!adjustment.live) return 'invalid_state';
      adjustment.live = false;
      if (sumsIn(invoice).balance >= 0n) return null;
      adjustment.live = true;
      return 'would_be_negative';
    }
    case 'reverse payment': {
      const payment = invoice.payments[step.which]!;
      const { kind, amount, credit } = payment;
      if (!payment.live) return 'invalid_state';
      if (kind === 'refund' ? amount - credit > payable : amount - credit > kept) return 'invalid_state';
      if (kind === 'payment' && credit > 0n && credit > min(left, creditIn(model))) return 'credit_spent';
      payment.live = false;
      model.ledger.push(kind === 'payment' ? -credit : kind === 'refund' ? credit : amount);
      return null;
    }
  }
};
