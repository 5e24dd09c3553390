import { sql } from 'kysely';
import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import { rateInput } from '#features/rates/rate.ts';
import { countryInput, languageTag } from '#values/country.ts';
import { type Id, newId } from '#values/id.ts';
import { roundingPolicy } from '#values/rounding.ts';
import { checkTaxes, taxArchived, taxRateId } from '#features/tax-rates/tax-rate.ts';
import { clientAddress } from './client-view.ts';

// As refinements these rules stay out of the schema: a model reads the description, and a pattern costs more than it says.
/** An e-mail address at the doors. */
export const emailInput = z
  .string()
  .trim()
  .max(254)
  .refine((text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text), { error: 'must be an e-mail address' });

/** What a client may have beside its name and currency. In an update null clears. */
export const clientFields = {
  email: emailInput.nullish().describe('Where its invoices go.'),
  contacts: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(200).describe('Name.'),
        email: emailInput.nullish().describe('E-mail address.'),
        role: z.string().max(100).nullish().describe('What they do there.'),
      }),
    )
    .max(50)
    .optional()
    .describe('People there; replaces the list.'),
  address: clientAddress.nullish(),
  country: countryInput.nullish(),
  tax_id: z.string().trim().max(40).nullish().describe('VAT or tax number.'),
  language: z
    .string()
    .trim()
    .refine((text) => languageTag(text) !== null, { error: 'must be a language tag like de or pt-BR' })
    .overwrite((text) => languageTag(text) ?? text)
    .nullish()
    .describe('Language of its invoices, like de.'),
  payment_terms_days: z.number().int().min(0).max(365).nullish().describe('Days until an invoice is due.'),
  rate: rateInput.nullish(),
  rounding: roundingPolicy.nullish(),
  default_tax_id: taxRateId.nullish().describe('Tax of its new lines.'),
  buyer_reference: z
    .string()
    .trim()
    .max(200)
    .nullish()
    .describe('Quoted on its invoices, like a routing id.'),
};

type Fields = z.output<z.ZodObject<typeof clientFields>>;

/** The refusals of `refuseClosedFields`. */
export const clientFieldRefusals = [taxArchived] as const;

/** Refuses what a client can be given only while it is in use. */
export const refuseClosedFields = async ({ tx }: Call, { default_tax_id: tax }: Fields): Promise<void> => {
  if (tax != null) await checkTaxes(tx, [{ ids: [tax], field: 'default_tax_id' }]);
};

/** The columns that these arguments set; what was left out is left out here too. */
export const clientColumns = (fields: Fields) => {
  const { contacts: _contacts, rate: _rate, address, rounding, ...plain } = fields;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)) as Omit<
    Fields,
    'contacts' | 'rate' | 'address' | 'rounding'
  >;
  const json = (value: object | null | undefined) => (value == null ? null : JSON.stringify(value));
  return {
    ...given,
    ...(address === undefined ? {} : { address: json(address) }),
    ...(rounding === undefined ? {} : { rounding: json(rounding) }),
  };
};

/** Replaces the contacts of a client, where any were given. */
export const setContacts = async (
  { tx, now }: Call,
  id: Id<'cli'>,
  contacts: Fields['contacts'],
): Promise<void> => {
  if (contacts === undefined) return;
  await tx.deleteFrom('client_contacts').where('client_id', '=', id).execute();
  if (contacts.length === 0) return;
  await tx
    .insertInto('client_contacts')
    .values(
      contacts.map(({ name, email, role }, position) => ({
        id: newId('ctc', now),
        client_id: id,
        position,
        name,
        email: email ?? null,
        role: role ?? null,
      })),
    )
    .execute();
};

/** Says so when another client has this name: it is allowed, and seldom meant. */
export const warnOfSameName = async ({ tx, warn }: Call, name: string, self: Id<'cli'>): Promise<void> => {
  const others = await tx
    .selectFrom('clients')
    .select(['id', 'name'])
    .where('id', '<>', self)
    .where('deleted_at', 'is', null)
    .where(sql`lower(name)`, '=', sql`lower(${name})`)
    .limit(1)
    .execute();
  for (const other of others) warn(`Another client is called "${other.name}" too (${other.id}).`);
};
