import type { House } from '#operation/run.ts';
import { makeClient } from './invoices.ts';
import { call, type Person } from './people.ts';

/** What tests read of a series. */
export interface Series {
  id: string;
  status: string;
  next_on: string | null;
  failures: number;
  version: number;
  invoices: { id: string; period: string }[];
}

/** A fee on the first of every month. */
export const retainer = {
  name: 'Retainer',
  schedule: { freq: 'monthly', day_of_month: 1 },
  source: 'lines',
  lines: [{ description: 'Support', unit_price: '500.00' }],
};

/** A series of a new client, or the given one. */
export const makeSeries = async (
  house: House,
  person: Person,
  { client, ...fields }: { client?: string; [field: string]: unknown } = {},
): Promise<Series> => {
  const client_id = client ?? (await makeClient(house, person)).client;
  const made = await call<{ recurring_invoice: Series }>(house, person, 'recurring_invoices.create', {
    client_id,
    ...retainer,
    ...fields,
  });
  return made.recurring_invoice;
};

/** A series as it is now. */
export const showSeries = async (house: House, person: Person, id: string): Promise<Series> =>
  (await call<{ recurring_invoice: Series }>(house, person, 'recurring_invoices.get', { id }))
    .recurring_invoice;
