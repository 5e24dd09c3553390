import type { House } from '#operation/run.ts';
import { formatAmount } from '#values/money.ts';
import { finalize } from './invoices.ts';
import type { Step } from './payment-model.ts';
import { adjust, record, reverse, unadjust } from './payments.ts';
import { call, type Person, type TestWorkspace } from './people.ts';

const text = (minor: bigint) => formatAmount(minor, 'EUR');

/** An issued invoice in cents, so that any part of it can be credited; with the ids of what was done to it. */
export interface Real {
  id: string;
  line: string;
  payments: string[];
  adjustments: string[];
  notes: string[];
}

/** Drafts and issues an invoice of so many cents. */
export const issued = async (house: House, person: Person, client: string, total: bigint): Promise<Real> => {
  const { invoice } = await call<{ invoice: { id: string; lines: { id: string }[] } }>(
    house,
    person,
    'invoices.create',
    {
      client_id: client,
      lines: [{ description: 'Cents', quantity: String(total), unit_price: '0.01', tax_ids: [] }],
    },
  );
  await finalize(house, person, invoice.id);
  return { id: invoice.id, line: invoice.lines[0]!.id, payments: [], adjustments: [], notes: [] };
};

/** Does a step for real. Only an admin does all of them. */
export const really = async (house: House, { ada }: TestWorkspace, real: Real, step: Step): Promise<void> => {
  switch (step.do) {
    case 'payment':
    case 'refund':
    case 'credit_applied': {
      const fields = { kind: step.do, overpayment: step.keeps ? 'client_credit' : 'reject' };
      real.payments.push((await record(house, ada, real.id, text(step.amount), fields)).payment.id);
      return;
    }
    case 'late_fee':
    case 'credit':
    case 'write_off': {
      const { adjustment } = await adjust(house, ada, real.id, step.do, { amount: text(step.amount) });
      real.adjustments.push(adjustment.id);
      return;
    }
    case 'note': {
      const lines = [{ line_id: real.line, quantity: String(step.amount) }];
      const { invoice } = await call<{ invoice: { id: string } }>(house, ada, 'invoices.credit', {
        id: real.id,
        lines,
        reason: 'Less',
      });
      await finalize(house, ada, invoice.id);
      real.notes.push(invoice.id);
      return;
    }
    case 'void note':
      await call(house, ada, 'invoices.void', { id: real.notes[step.which], reason: 'Wrong' });
      return;
    case 'reverse payment':
      await reverse(house, ada, real.payments[step.which]!);
      return;
    case 'reverse adjustment':
      await unadjust(house, ada, real.adjustments[step.which]!);
  }
};
