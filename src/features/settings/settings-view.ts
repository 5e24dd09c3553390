import { z } from 'zod';
import { clientAddress } from '#features/clients/client-view.ts';
import { idSchema } from '#values/id.ts';
import { currencyText } from '#values/money.ts';
import { roundingPolicy } from '#values/rounding.ts';
import type { Settings } from './settings.ts';

const text = (what: string) => z.string().nullable().describe(what);

const invoiceView = z
  .object({
    legal_name: z.string().describe('Name of the sender.'),
    address: clientAddress.nullable(),
    country: text('ISO 3166 code.'),
    tax_id: text('VAT or tax number.'),
    registration: text('Company register.'),
    email: text('E-mail address.'),
    phone: text('Phone.'),
    website: text('Website.'),
    iban: text('IBAN.'),
    bic: text('BIC.'),
    bank_name: text('Bank.'),
    account_holder: text('Whose account.'),
    payment_note: text('How to pay.'),
    footer: text('Text at the foot.'),
    accent_color: text('Colour.'),
    logo: z
      .object({
        mime: z.string().describe('Type.'),
        bytes: z.number().int().describe('Size.'),
        sha256: z.string().describe('Hash.'),
      })
      .nullable()
      .describe('The logo, without its bytes.'),
    language: z.string().describe('Language of documents.'),
    terms_days: z.number().int().describe('Days until due.'),
    prices_include_tax: z.boolean().describe('Whether prices include tax.'),
    default_tax_id: idSchema('tax').nullable().describe('Tax of new lines.'),
    number_pattern: z.string().describe('Of invoices.'),
    credit_note_pattern: z.string().describe('Of credit notes.'),
    number_reset: z.enum(['never', 'year', 'month']).describe('When numbers start anew.'),
    cash_rounding_step: text('Coin that totals are rounded to.'),
    email_subject: text('Of mails; null: the default.'),
    email_body: text('Of mails; null: the default.'),
  })
  .describe('What invoices say and how they are made.');

/** Everything that a workspace set for itself, as every door shows it. */
export const settingsView = z.object({
  timezone: z.string().describe('IANA zone.'),
  week_start: z.number().int().describe('0 Sunday, 1 Monday, 6 Saturday.'),
  currency: currencyText,
  lock_date: text('Time up to this day cannot change.'),
  members_see_rates: z.boolean().describe('Whether members see rates and amounts.'),
  overlap_policy: z.enum(['allow', 'warn', 'forbid']).describe('What happens to time that overlaps.'),
  running_policy: z
    .enum(['stop_current', 'pause_current', 'error'])
    .describe('What a new timer does to the running one.'),
  rounding: roundingPolicy.nullable().describe('Rounding of billed time; null: none.'),
  invoice: invoiceView,
  reminders: z
    .object({
      enabled: z.boolean().describe('Whether clients are reminded.'),
      days_after_due: z.array(z.number().int()).describe('Days after the due day.'),
      message: text('Text; null: the default.'),
    })
    .describe('Reminders of what is overdue.'),
  version: z.number().int().describe('Give it as expected_version.'),
});

/** Settings as a `settingsView`. */
export const viewSettings = (settings: Settings): z.input<typeof settingsView> => ({
  ...settings,
  lock_date: settings.lock_date?.toString() ?? null,
  reminders: { ...settings.reminders, days_after_due: [...settings.reminders.days_after_due] },
});

/** One setting that changed, by its path. */
export const settingChange = z.object({
  setting: z.string().describe('Its name, like invoice.iban.'),
  before: text('As it was, as text.'),
  after: text('As it is, as text.'),
});

const asText = (value: unknown): string | null =>
  value == null ? null : typeof value === 'string' ? value : JSON.stringify(value);

/** What differs between two states of the settings. */
export const settingChanges = (before: Settings, after: Settings): z.input<typeof settingChange>[] => {
  const flat = (settings: Settings): [string, string | null][] => {
    const { invoice, reminders, version: _, ...plain } = viewSettings(settings);
    return [
      ...Object.entries(plain).map(([name, value]): [string, string | null] => [name, asText(value)]),
      ...Object.entries(invoice).map(([name, value]): [string, string | null] => [
        `invoice.${name}`,
        asText(value),
      ]),
      ...Object.entries(reminders).map(([name, value]): [string, string | null] => [
        `reminders.${name}`,
        asText(value),
      ]),
    ];
  };
  const was = new Map(flat(before));
  return flat(after).flatMap(([setting, value]) => {
    const old = was.get(setting) ?? null;
    return old === value ? [] : [{ setting, before: old, after: value }];
  });
};
