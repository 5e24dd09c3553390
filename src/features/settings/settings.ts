import { sql } from 'kysely';
import type { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import type { clientAddress } from '#features/clients/client-view.ts';
import { type WorkspaceSettings, workspaceSettings } from '#operation/actor.ts';
import type { Id } from '#values/id.ts';
import type { NumberReset } from '#values/number-pattern.ts';
import type { RoundingPolicy } from '#values/rounding.ts';

/** A logo as the settings name it; `logoOf` gives its bytes. */
export interface StoredLogo {
  readonly mime: 'image/png' | 'image/jpeg';
  readonly bytes: number;
  readonly sha256: string;
}

/** What stands on every invoice of a workspace and how it is made, with a default for everything that has one. */
export interface InvoiceSettings {
  /** The workspace's name where nothing else was said. */
  readonly legal_name: string;
  readonly address: z.output<typeof clientAddress> | null;
  /** ISO 3166 code of two letters. */
  readonly country: string | null;
  readonly tax_id: string | null;
  readonly registration: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly website: string | null;
  /** Without spaces, its check digits right. */
  readonly iban: string | null;
  readonly bic: string | null;
  readonly bank_name: string | null;
  readonly account_holder: string | null;
  readonly payment_note: string | null;
  readonly footer: string | null;
  /** #rrggbb */
  readonly accent_color: string | null;
  readonly logo: StoredLogo | null;
  readonly language: 'en' | 'de' | 'fr';
  readonly terms_days: number;
  readonly prices_include_tax: boolean;
  readonly default_tax_id: Id<'tax'> | null;
  /** Written by `writeNumber`; `number_reset` by `numberPeriod`. */
  readonly number_pattern: string;
  readonly credit_note_pattern: string;
  readonly number_reset: NumberReset;
  /** Decimal text in the workspace's currency, for invoices in that currency: "0.05" rounds totals to five cents. */
  readonly cash_rounding_step: string | null;
  /** Plain texts with `mailPlaceholders`; null: the house's own, in the invoice's language. */
  readonly email_subject: string | null;
  readonly email_body: string | null;
}

/** When clients are reminded of what is overdue. */
export interface ReminderSettings {
  readonly enabled: boolean;
  /** Days after the due day, ascending; each is one reminder. */
  readonly days_after_due: readonly number[];
  /** Plain text with `reminderPlaceholders`; null: the house's own, in the invoice's language. */
  readonly message: string | null;
}

/** What may stand in braces in the texts of mails. */
export const mailPlaceholders = ['number', 'client', 'total', 'due_date', 'sender'] as const;
/** And in those of reminders: also what is still owed, and which reminder it is. */
export const reminderPlaceholders = [...mailPlaceholders, 'balance', 'level'] as const;

/** Everything that a workspace set for itself, with defaults. */
export interface Settings extends WorkspaceSettings {
  readonly currency: string;
  readonly timezone: string;
  readonly week_start: 0 | 1 | 6;
  readonly lock_date: Temporal.PlainDate | null;
  readonly rounding: RoundingPolicy | null;
  readonly invoice: InvoiceSettings;
  readonly reminders: ReminderSettings;
  readonly version: number;
}

/** The part of the settings that is kept as JSON. */
export interface StoredSettings extends Partial<WorkspaceSettings> {
  rounding?: RoundingPolicy | null;
  invoice?: Partial<InvoiceSettings>;
  reminders?: Partial<ReminderSettings>;
}

const languageOf = (locale: string): InvoiceSettings['language'] => {
  const language = locale.slice(0, 2);
  return language === 'de' || language === 'fr' ? language : 'en';
};

const invoiceDefaults = ({ name, locale }: { name: string; locale: string }): InvoiceSettings => ({
  legal_name: name,
  address: null,
  country: null,
  tax_id: null,
  registration: null,
  email: null,
  phone: null,
  website: null,
  iban: null,
  bic: null,
  bank_name: null,
  account_holder: null,
  payment_note: null,
  footer: null,
  accent_color: null,
  logo: null,
  language: languageOf(locale),
  terms_days: 14,
  prices_include_tax: false,
  default_tax_id: null,
  number_pattern: 'INV-{year}-{number:4}',
  credit_note_pattern: 'CN-{year}-{number:4}',
  number_reset: 'year',
  cash_rounding_step: null,
  email_subject: null,
  email_body: null,
});

/** The settings as they are kept, nothing filled in, and the rest of the workspace's row that they rest on. */
export const storedSettings = async (tx: Transaction) => {
  const row = await tx
    .selectFrom('workspaces')
    .select(['name', 'locale', 'currency', 'timezone', 'week_start', 'lock_date', 'settings', 'version'])
    .executeTakeFirstOrThrow();
  return { ...row, settings: row.settings as StoredSettings };
};

/** What is kept, with defaults. */
export const withDefaults = (row: Awaited<ReturnType<typeof storedSettings>>): Settings => ({
  ...workspaceSettings(row.settings),
  currency: row.currency,
  timezone: row.timezone,
  week_start: row.week_start,
  lock_date: row.lock_date,
  rounding: row.settings.rounding ?? null,
  invoice: { ...invoiceDefaults(row), ...row.settings.invoice },
  reminders: { enabled: false, days_after_due: [7, 14, 30], message: null, ...row.settings.reminders },
  version: row.version,
});

/** Everything that the workspace set for itself, with defaults. */
export const readSettings = async (tx: Transaction): Promise<Settings> =>
  withDefaults(await storedSettings(tx));

/** How the workspace makes its invoices, with defaults. */
export const invoiceSettings = async (tx: Transaction): Promise<InvoiceSettings> =>
  (await readSettings(tx)).invoice;

/** When the workspace reminds its clients, with defaults. */
export const reminderSettings = async (tx: Transaction): Promise<ReminderSettings> =>
  (await readSettings(tx)).reminders;

/** The bytes of a logo, as documents take them, or null. */
export const logoOf = async (
  tx: Transaction,
  { logo }: InvoiceSettings,
): Promise<{ mime: StoredLogo['mime']; base64: string } | null> => {
  if (logo === null) return null;
  const { rows } = await sql<{ base64: string }>`
    select replace(encode(content, 'base64'), e'\n', '') as base64 from files where sha256 = ${logo.sha256}`.execute(
    tx,
  );
  const [file] = rows;
  return file === undefined ? null : { mime: logo.mime, base64: file.base64 };
};
