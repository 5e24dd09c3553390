import type { TaxCategory } from '#values/invoice-taxes.ts';
import { validationFailed } from '#values/refusal.ts';

const words: Record<TaxCategory, string> = {
  S: 'standard rate',
  Z: 'zero rated',
  E: 'exempt',
  AE: 'reverse charge',
  K: 'intra-community supply',
  G: 'export',
  O: 'not subject to tax',
  L: 'IGIC',
  M: 'IPSI',
};

/** BR-Z-05, BR-E-05, BR-AE-05, BR-IC-05, BR-G-05, BR-O-05: these tax at zero (O has no rate at all). */
const atZero: readonly TaxCategory[] = ['Z', 'E', 'AE', 'K', 'G', 'O'];
/** BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10: these say why, in words or by code. */
const withReason: readonly TaxCategory[] = ['E', 'AE', 'K', 'G', 'O'];

/**
 * Refuses a tax that no e-invoice could carry: a rate or a reason that its category forbids or lacks.
 *
 * @see EN 16931-1:2017, business rules BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O, BR-AF (IGIC) and BR-AG (IPSI), -05 and -10.
 */
export const refuseWrongTax = (tax: {
  category: TaxCategory;
  ppm: number;
  withholding: boolean;
  reason: string | null;
  code: string | null;
}): void => {
  const { category, ppm } = tax;
  const named = `${category} (${words[category]})`;
  const wrong = (message: string, field: string) => {
    throw validationFailed({ message }, field);
  };
  if (atZero.includes(category) && ppm !== 0) {
    wrong(`A tax of category ${named} has percent "0". For a rate above zero use category S.`, 'percent');
  }
  // BR-S-05
  if (category === 'S' && ppm === 0) {
    wrong(
      'A tax of category S (standard rate) has a percent above zero. At zero it is Z (zero rated), E (exempt) or another.',
      'percent',
    );
  }
  if (tax.withholding && category !== 'S') {
    wrong('A tax that is withheld has category S: it is no tax of the invoice.', 'category');
  }
  const hasReason = tax.reason !== null || tax.code !== null;
  if (withReason.includes(category) && !hasReason) {
    wrong(
      `A tax of category ${named} says why no tax is charged: give exemption_reason or exemption_code (EN 16931, BR-${category === 'K' ? 'IC' : category}-10).`,
      'exemption_reason',
    );
  }
  // BR-S-10, BR-Z-10, BR-AF-10, BR-AG-10
  if (!withReason.includes(category) && hasReason) {
    wrong(
      `A tax of category ${named} has no exemption_reason or exemption_code. Leave them out, or use category E.`,
      tax.reason === null ? 'exemption_code' : 'exemption_reason',
    );
  }
};
