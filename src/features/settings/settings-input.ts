import { z } from 'zod';
import { clientAddress } from '#features/clients/client-view.ts';
import { emailInput } from '#features/clients/client-input.ts';
import { taxRateId } from '#features/tax-rates/tax-rate.ts';
import { countryInput } from '#values/country.ts';
import { bicInput, ibanInput } from '#values/iban.ts';
import { dateInput, zoneInput } from '#values/local-time.ts';
import { currencyInput, moneyInput } from '#values/money.ts';
import { roundingPolicy } from '#values/rounding.ts';
import { mailPlaceholders, reminderPlaceholders } from './settings.ts';

/** The bytes of a logo. */
export const largestLogo = 200 * 1024;
const line = (most: number, what: string) => z.string().trim().min(1).max(most).nullish().describe(what);

/** A text of mails: what stands in braces is filled in, so nothing else may. */
const mailText = (most: number, what: string, known: readonly string[] = mailPlaceholders) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((text) => [...text.matchAll(/\{([^{}]*)\}/g)].every(([, name = '']) => known.includes(name)), {
      error: `may hold {${known.join('}, {')}} and nothing else in braces`,
    })
    .nullish()
    .describe(what);

/** What can be said about invoices; null goes back to the default. */
const invoiceInput = z
  .strictObject({
    legal_name: line(200, 'Name of the sender; default the workspace’s.'),
    address: clientAddress.nullish(),
    country: countryInput.nullish(),
    tax_id: line(40, 'VAT or tax number.'),
    registration: line(100, 'Company register and number.'),
    email: emailInput.nullish().describe('Shown, and replied to.'),
    phone: line(40, 'Phone.'),
    website: line(200, 'Website.'),
    iban: ibanInput.nullish(),
    bic: bicInput.nullish(),
    bank_name: line(100, 'Bank.'),
    account_holder: line(100, 'Whose account it is.'),
    payment_note: line(500, 'How to pay, in words.'),
    footer: line(1000, 'Text at the foot.'),
    accent_color: z
      .string()
      .trim()
      .toLowerCase()
      .refine((text) => /^#[0-9a-f]{6}$/.test(text), { error: 'must be a colour like #1a7f64' })
      .nullish()
      .describe('Colour, like #1a7f64.'),
    logo: z
      .string()
      .max(2 * largestLogo)
      .nullish()
      .describe('PNG or JPEG up to 200 KB, as base64.'),
    language: z.enum(['en', 'de', 'fr']).nullish().describe('Language of documents.'),
    terms_days: z.number().int().min(0).max(365).nullish().describe('Days until due; 14.'),
    prices_include_tax: z.boolean().nullish().describe('Whether prices include tax.'),
    default_tax_id: taxRateId.nullish().describe('Tax of new lines.'),
    number_pattern: z.string().trim().min(1).max(40).nullish().describe('Owner: like INV-{year}-{number:4}.'),
    credit_note_pattern: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .nullish()
      .describe('Owner: like CN-{year}-{number:4}.'),
    number_reset: z.enum(['never', 'year', 'month']).nullish().describe('Owner: when numbers start anew.'),
    cash_rounding_step: moneyInput.nullish().describe('Coin that totals are rounded to, like "0.05".'),
    email_subject: mailText(
      200,
      'Of mails; {number}, {client}, {total}, {due_date}, {sender} are filled in.',
    ),
    email_body: mailText(5000, 'Text of mails, filled in alike.'),
  })
  .describe('What invoices say and how they are made; null: the default.');

const remindersInput = z
  .strictObject({
    enabled: z.boolean().optional().describe('Whether clients are reminded by themselves.'),
    days_after_due: z
      .array(z.number().int().min(1).max(365))
      .min(1)
      .max(10)
      .optional()
      .describe('Days after the due day, ascending.'),
    message: mailText(5000, 'Text; null: the default.', reminderPlaceholders),
  })
  .describe('Reminders of what is overdue.');

/** What can be said about the workspace; what is left out stays. */
export const settingsInput = {
  timezone: zoneInput.optional().describe('IANA zone of deadlines and invoices.'),
  week_start: z.literal([0, 1, 6]).optional().describe('0 Sunday, 1 Monday, 6 Saturday.'),
  currency: currencyInput.optional().describe('Owner only, until something is invoiced.'),
  lock_date: dateInput.nullish().describe('Time up to this day cannot change; null opens all.'),
  members_see_rates: z.boolean().optional().describe('Whether members see rates and amounts.'),
  overlap_policy: z
    .enum(['allow', 'warn', 'forbid'])
    .optional()
    .describe('What happens to time that overlaps.'),
  running_policy: z
    .enum(['stop_current', 'pause_current', 'error'])
    .optional()
    .describe('What a new timer does to the running one.'),
  rounding: roundingPolicy.nullish(),
  invoice: invoiceInput.optional(),
  reminders: remindersInput.optional(),
};

export type SettingsGiven = z.output<z.ZodObject<typeof settingsInput>>;
