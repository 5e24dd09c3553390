import { formatsOf } from '#documents/formats.ts';
import type { InvoiceDocument } from '#documents/invoice-document.ts';
import { wordsOf } from '#documents/words.ts';

/** What a mail is about. */
export type Letter = 'invoice' | 'credit_note' | 'reminder' | 'receipt';

interface Text {
  readonly subject: string;
  readonly body: string;
}
type Texts = Readonly<Record<Letter | 'late_reminder', Text>>;

const en: Texts = {
  invoice: {
    subject: 'Invoice {number} from {sender}',
    body: 'Hello,\n\nplease find attached invoice {number} for {total}, due on {due_date}.\n\nKind regards\n{sender}',
  },
  credit_note: {
    subject: 'Credit note {number} from {sender}',
    body: 'Hello,\n\nplease find attached credit note {number} for {total}.\n\nKind regards\n{sender}',
  },
  reminder: {
    subject: 'Reminder: invoice {number} from {sender}',
    body: 'Hello,\n\ninvoice {number} was due on {due_date}, and {balance} is still open. Perhaps it slipped your mind; please pay it now.\n\nIf your payment is on its way, thank you, and please disregard this message.\n\nKind regards\n{sender}',
  },
  late_reminder: {
    subject: 'Reminder {level}: invoice {number} from {sender} is overdue',
    body: 'Hello,\n\ndespite our earlier reminder, {balance} of invoice {number}, due on {due_date}, is still open. Please pay it without further delay, or tell us what is in the way.\n\nKind regards\n{sender}',
  },
  receipt: {
    subject: 'Receipt for invoice {number}',
    body: 'Hello,\n\nthank you for your payment of {amount} for invoice {number}. The receipt is attached.\n\nKind regards\n{sender}',
  },
};
const de: Texts = {
  invoice: {
    subject: 'Rechnung {number} von {sender}',
    body: 'Guten Tag,\n\nanbei erhalten Sie die Rechnung {number} über {total}, fällig am {due_date}.\n\nMit freundlichen Grüßen\n{sender}',
  },
  credit_note: {
    subject: 'Rechnungskorrektur {number} von {sender}',
    body: 'Guten Tag,\n\nanbei erhalten Sie die Rechnungskorrektur {number} über {total}.\n\nMit freundlichen Grüßen\n{sender}',
  },
  reminder: {
    subject: 'Zahlungserinnerung zu Rechnung {number} von {sender}',
    body: 'Guten Tag,\n\ndie Rechnung {number} war am {due_date} fällig; davon sind noch {balance} offen. Vielleicht ist sie Ihnen entgangen. Bitte begleichen Sie den Betrag jetzt.\n\nSollten Sie bereits gezahlt haben, betrachten Sie diese Nachricht bitte als gegenstandslos.\n\nMit freundlichen Grüßen\n{sender}',
  },
  late_reminder: {
    subject: '{level}. Zahlungserinnerung zu Rechnung {number} von {sender}',
    body: 'Guten Tag,\n\ntrotz unserer Erinnerung sind von der Rechnung {number}, fällig am {due_date}, noch {balance} offen. Bitte begleichen Sie den Betrag umgehend, oder sagen Sie uns, was dem entgegensteht.\n\nMit freundlichen Grüßen\n{sender}',
  },
  receipt: {
    subject: 'Quittung zu Rechnung {number}',
    body: 'Guten Tag,\n\nvielen Dank für Ihre Zahlung von {amount} zur Rechnung {number}. Die Quittung liegt bei.\n\nMit freundlichen Grüßen\n{sender}',
  },
};
const fr: Texts = {
  invoice: {
    subject: 'Facture {number} de {sender}',
    body: 'Bonjour,\n\nVeuillez trouver ci-joint la facture {number} d’un montant de {total}, à régler avant le {due_date}.\n\nCordialement\n{sender}',
  },
  credit_note: {
    subject: 'Avoir {number} de {sender}',
    body: 'Bonjour,\n\nVeuillez trouver ci-joint l’avoir {number} d’un montant de {total}.\n\nCordialement\n{sender}',
  },
  reminder: {
    subject: 'Rappel : facture {number} de {sender}',
    body: 'Bonjour,\n\nLa facture {number} était à régler avant le {due_date} ; {balance} restent à payer. Sans doute s’agit-il d’un oubli : merci de régler cette somme.\n\nSi votre paiement est en route, merci de ne pas tenir compte de ce message.\n\nCordialement\n{sender}',
  },
  late_reminder: {
    subject: 'Rappel n° {level} : facture {number} de {sender}',
    body: 'Bonjour,\n\nMalgré notre rappel, {balance} de la facture {number}, à régler avant le {due_date}, restent à payer. Merci de régler cette somme sans tarder, ou de nous dire ce qui s’y oppose.\n\nCordialement\n{sender}',
  },
  receipt: {
    subject: 'Reçu pour la facture {number}',
    body: 'Bonjour,\n\nMerci pour votre paiement de {amount} pour la facture {number}. Vous trouverez le reçu ci-joint.\n\nCordialement\n{sender}',
  },
};

/** Who asked for other words than the house's own, in the order in which they count. */
export interface Wish {
  readonly subject?: string | null | undefined;
  readonly body?: string | null | undefined;
}

/**
 * Subject and body of a mail about a document, in the document's language. What stands in braces is filled in, in the caller's words too;
 * of a draft {number} stays as it is, for nobody knows the number yet.
 */
export const mailText = (
  document: InvoiceDocument,
  letter: Letter,
  wish: Wish,
  { level = 1 }: { level?: number } = {},
): Text => {
  const words = wordsOf[document.language];
  const formats = formatsOf(words, document.currency);
  const amount = (text: string) => formats.money(text.replace(/^-/, ''));
  const values: Record<string, string> = {
    number: document.number ?? '{number}',
    client: document.customer.name,
    total: amount(document.total),
    balance: amount(document.payable),
    amount: amount(document.receipt?.amount ?? document.total),
    due_date: document.due_on === null ? '' : formats.date(document.due_on),
    sender: document.supplier.name,
    level: String(level),
  };
  const own = { en, de, fr }[document.language][
    letter === 'reminder' && level > 1 ? 'late_reminder' : letter
  ];
  const filled = (text: string) =>
    text.replaceAll(/\{([a-z_]+)\}/g, (whole, name: string) =>
      Object.hasOwn(values, name) ? values[name]! : whole,
    );
  return {
    subject: filled(wish.subject ?? own.subject)
      .replaceAll(/\s+/g, ' ')
      .trim(),
    body: filled(wish.body ?? own.body),
  };
};
