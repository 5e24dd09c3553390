import type { House } from '#operation/run.ts';
import { call, type Person } from './people.ts';

/** What tests look at in a rate. */
export interface Rate {
  id: string;
  level: string;
  client?: { id: string; name: string } | null;
  project?: { id: string; name: string } | null;
  task?: { id: string; summary: string } | null;
  member_id: string | null;
  member_name?: string | null;
  kind: 'bill' | 'cost';
  currency: string;
  rate: string | null;
  valid_from: string | null;
  valid_until: string | null;
}

/** What setting a rate answers. */
export interface RateSet {
  rate: Rate;
  affected_entries: number;
  entry_ids: string[];
  meta?: { warnings?: string[]; dry_run?: true };
}

/** What finding a rate answers. */
export interface RateFound {
  rate: string | null;
  currency: string;
  source: string;
  chain: {
    level: string;
    target_id: string | null;
    outcome: string;
    rate: string | null;
    valid_from: string | null;
    other_currencies: string[];
  }[];
}

/** Sets a rate as a person. */
export const setRate = (house: House, person: Person, input: object) =>
  call<RateSet>(house, person, 'rates.set', input);

/** Finds the rate that applies, as a manager. */
export const resolve = (house: House, person: Person, input: object = {}) =>
  call<RateFound>(house, person, 'rates.resolve', input);

/** A client, a project of it and a task in that, in euros. */
export const makeWork = async (house: House, person: Person, currency = 'EUR') => {
  const made = async (name: string, input: object) =>
    (await call<Record<string, { id: string }>>(house, person, `${name}s.create`, input))[name]!.id;
  const client = await made('client', { name: 'Acme', currency });
  const project = await made('project', { name: 'Site', client_id: client });
  const task = await made('task', { summary: 'Logo', project_id: project });
  return { client, project, task };
};
