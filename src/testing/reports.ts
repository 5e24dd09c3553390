import type { House } from '#operation/run.ts';
import { call, type Person } from './people.ts';

interface Report {
  columns: { key: string }[];
  rows: (string | number | boolean | null)[][];
  totals: { seconds?: number; capacity_seconds?: number; currencies?: unknown[] };
}

/** Runs a report; `records` are its rows by the names of their columns. */
export const runReport = async (house: House, person: Person, input: object) => {
  const found = await call<Report>(house, person, 'reports.run', input);
  const records = found.rows.map((row) =>
    Object.fromEntries(found.columns.map(({ key }, index) => [key, row[index]])),
  );
  return { ...found, records };
};

/** A client of that name; gives its id. */
export const clientNamed = async (
  house: House,
  person: Person,
  name: string,
  currency = 'EUR',
): Promise<string> =>
  (await call<{ client: { id: string } }>(house, person, 'clients.create', { name, currency })).client.id;
