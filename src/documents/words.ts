import type { DocumentLine, InvoiceDocument } from './invoice-document.ts';

type Unit = NonNullable<DocumentLine['unit']>;

/** Every word that Stint itself puts on a document, in one language. */
export interface Words {
  /** For numbers and dates. */
  locale: string;
  kinds: Record<InvoiceDocument['kind'], string>;
  numbers: Record<InvoiceDocument['kind'], string>;
  draft: string;
  issued: Record<InvoiceDocument['kind'], string>;
  due: string;
  period: string;
  corrects: string;
  order: string;
  reference: string;
  yourTaxId: string;
  paidOn: string;
  columns: Record<'position' | 'description' | 'quantity' | 'price' | 'discount' | 'tax' | 'amount', string>;
  units: Record<Unit, readonly [one: string, more: string]>;
  subtotal: string;
  net: string;
  taxOn: (tax: string, taxable: string) => string;
  includedTaxOn: (tax: string, taxable: string) => string;
  rounding: string;
  total: string;
  payable: Record<InvoiceDocument['kind'], string>;
  /** By EN 16931 category: what the law wants to be read when no tax is charged. */
  untaxed: Readonly<Record<string, string>>;
  payBy: (amount: string, date: string | null) => string;
  overdueSince: (amount: string, date: string | null) => string;
  credited: (amount: string) => string;
  received: (amount: string, date: string) => string;
  method: string;
  holder: string;
  bank: string;
  paymentReference: string;
  scan: string;
  notes: string;
  vatId: string;
  taxNumber: string;
  page: (page: number, pages: number) => string;
}

const en: Words = {
  locale: 'en-GB',
  kinds: {
    invoice: 'Invoice',
    credit_note: 'Credit note',
    receipt: 'Receipt',
    reminder: 'Payment reminder',
  },
  numbers: {
    invoice: 'Invoice number',
    credit_note: 'Credit note number',
    receipt: 'Invoice number',
    reminder: 'Invoice number',
  },
  draft: 'Draft',
  issued: { invoice: 'Date', credit_note: 'Date', receipt: 'Invoice date', reminder: 'Invoice date' },
  due: 'Due',
  period: 'Service period',
  corrects: 'Corrects invoice',
  order: 'Purchase order',
  reference: 'Your reference',
  yourTaxId: 'Your tax ID',
  paidOn: 'Paid on',
  columns: {
    position: 'No.',
    description: 'Description',
    quantity: 'Quantity',
    price: 'Unit price',
    discount: 'Discount',
    tax: 'Tax',
    amount: 'Amount',
  },
  units: { hour: ['h', 'h'], day: ['day', 'days'], piece: ['pc.', 'pcs.'], km: ['km', 'km'] },
  subtotal: 'Subtotal',
  net: 'Net amount',
  taxOn: (tax, taxable) => `${tax} on ${taxable}`,
  includedTaxOn: (tax, taxable) => `including ${tax} on ${taxable}`,
  rounding: 'Rounding',
  total: 'Total',
  payable: {
    invoice: 'Amount due',
    credit_note: 'Amount credited',
    receipt: 'Balance',
    reminder: 'Amount due',
  },
  untaxed: {
    AE: 'Reverse charge: the recipient is liable for the VAT.',
    K: 'VAT exempt intra-Community supply (Article 138, Directive 2006/112/EC).',
    G: 'VAT exempt export (Article 146, Directive 2006/112/EC).',
    E: 'Exempt from VAT.',
    O: 'Not subject to VAT.',
  },
  payBy: (amount, date) => (date === null ? `Please pay ${amount}.` : `Please pay ${amount} by ${date}.`),
  overdueSince: (amount, date) =>
    date === null
      ? `${amount} is still open. Please pay it now.`
      : `${amount} was due on ${date} and is still open. Please pay it now.`,
  credited: (amount) => `We credit you ${amount}.`,
  received: (amount, date) => `We received ${amount} on ${date}. Thank you.`,
  method: 'Paid by',
  holder: 'Account holder',
  bank: 'Bank',
  paymentReference: 'Reference',
  scan: 'Scan to pay',
  notes: 'Notes',
  vatId: 'VAT ID',
  taxNumber: 'Tax number',
  page: (page, pages) => `Page ${page} of ${pages}`,
};

const de: Words = {
  locale: 'de-DE',
  kinds: {
    invoice: 'Rechnung',
    credit_note: 'Rechnungskorrektur',
    receipt: 'Quittung',
    reminder: 'Zahlungserinnerung',
  },
  numbers: {
    invoice: 'Rechnungsnummer',
    credit_note: 'Korrekturnummer',
    receipt: 'Rechnungsnummer',
    reminder: 'Rechnungsnummer',
  },
  draft: 'Entwurf',
  issued: {
    invoice: 'Rechnungsdatum',
    credit_note: 'Datum',
    receipt: 'Rechnungsdatum',
    reminder: 'Rechnungsdatum',
  },
  due: 'Fällig am',
  period: 'Leistungszeitraum',
  corrects: 'Zu Rechnung',
  order: 'Ihre Bestellung',
  reference: 'Ihr Zeichen',
  yourTaxId: 'Ihre USt-IdNr.',
  paidOn: 'Bezahlt am',
  columns: {
    position: 'Pos.',
    description: 'Beschreibung',
    quantity: 'Menge',
    price: 'Einzelpreis',
    discount: 'Rabatt',
    tax: 'USt.',
    amount: 'Betrag',
  },
  units: { hour: ['Std.', 'Std.'], day: ['Tag', 'Tage'], piece: ['Stk.', 'Stk.'], km: ['km', 'km'] },
  subtotal: 'Zwischensumme',
  net: 'Nettobetrag',
  taxOn: (tax, taxable) => `${tax} auf ${taxable}`,
  includedTaxOn: (tax, taxable) => `enthält ${tax} auf ${taxable}`,
  rounding: 'Rundung',
  total: 'Gesamtbetrag',
  payable: {
    invoice: 'Zu zahlen',
    credit_note: 'Erstattungsbetrag',
    receipt: 'Offener Betrag',
    reminder: 'Zu zahlen',
  },
  untaxed: {
    AE: 'Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).',
    K: 'Steuerfreie innergemeinschaftliche Lieferung.',
    G: 'Steuerfreie Ausfuhrlieferung.',
    E: 'Von der Umsatzsteuer befreit.',
    O: 'Nicht steuerbar.',
  },
  payBy: (amount, date) =>
    date === null ? `Bitte zahlen Sie ${amount}.` : `Bitte zahlen Sie ${amount} bis zum ${date}.`,
  overdueSince: (amount, date) =>
    date === null
      ? `${amount} sind noch offen. Bitte zahlen Sie jetzt.`
      : `${amount} waren am ${date} fällig und sind noch offen. Bitte zahlen Sie jetzt.`,
  credited: (amount) => `Wir schreiben Ihnen ${amount} gut.`,
  received: (amount, date) => `Wir haben ${amount} am ${date} erhalten. Vielen Dank.`,
  method: 'Zahlungsart',
  holder: 'Kontoinhaber',
  bank: 'Bank',
  paymentReference: 'Verwendungszweck',
  scan: 'Scannen und zahlen',
  notes: 'Hinweise',
  vatId: 'USt-IdNr.',
  taxNumber: 'Steuernummer',
  page: (page, pages) => `Seite ${page} von ${pages}`,
};

const fr: Words = {
  locale: 'fr-FR',
  kinds: { invoice: 'Facture', credit_note: 'Avoir', receipt: 'Reçu', reminder: 'Rappel de paiement' },
  numbers: {
    invoice: 'Numéro de facture',
    credit_note: 'Numéro d’avoir',
    receipt: 'Numéro de facture',
    reminder: 'Numéro de facture',
  },
  draft: 'Brouillon',
  issued: {
    invoice: 'Date',
    credit_note: 'Date',
    receipt: 'Date de facture',
    reminder: 'Date de facture',
  },
  due: 'Échéance',
  period: 'Période',
  corrects: 'Rectifie la facture',
  order: 'Bon de commande',
  reference: 'Votre référence',
  yourTaxId: 'Votre n° de TVA',
  paidOn: 'Payé le',
  columns: {
    position: 'N°',
    description: 'Désignation',
    quantity: 'Quantité',
    price: 'Prix unitaire',
    discount: 'Remise',
    tax: 'TVA',
    amount: 'Montant',
  },
  units: { hour: ['h', 'h'], day: ['jour', 'jours'], piece: ['unité', 'unités'], km: ['km', 'km'] },
  subtotal: 'Sous-total',
  net: 'Total HT',
  taxOn: (tax, taxable) => `${tax} sur ${taxable}`,
  includedTaxOn: (tax, taxable) => `dont ${tax} sur ${taxable}`,
  rounding: 'Arrondi',
  total: 'Total TTC',
  payable: {
    invoice: 'Net à payer',
    credit_note: 'Montant crédité',
    receipt: 'Solde',
    reminder: 'Net à payer',
  },
  untaxed: {
    AE: 'Autoliquidation : TVA due par le preneur.',
    K: 'Exonération de TVA, livraison intracommunautaire (article 138, directive 2006/112/CE).',
    G: 'Exonération de TVA, exportation (article 146, directive 2006/112/CE).',
    E: 'Exonéré de TVA.',
    O: 'Hors champ de la TVA.',
  },
  payBy: (amount, date) =>
    date === null ? `Merci de régler ${amount}.` : `Merci de régler ${amount} avant le ${date}.`,
  overdueSince: (amount, date) =>
    date === null
      ? `${amount} restent à payer. Merci de régler cette somme sans tarder.`
      : `${amount} étaient dus le ${date} et restent à payer. Merci de régler cette somme sans tarder.`,
  credited: (amount) => `Nous portons ${amount} à votre crédit.`,
  received: (amount, date) => `Nous avons reçu ${amount} le ${date}. Merci.`,
  method: 'Moyen de paiement',
  holder: 'Titulaire du compte',
  bank: 'Banque',
  paymentReference: 'Référence',
  scan: 'Scanner pour payer',
  notes: 'Remarques',
  vatId: 'N° TVA',
  taxNumber: 'N° fiscal',
  page: (page, pages) => `Page ${page} sur ${pages}`,
};

/** The words of every language a document can have. */
export const wordsOf: Readonly<Record<InvoiceDocument['language'], Words>> = { en, de, fr };
