import type { House } from '#operation/run.ts';
import { type Acting, call, type Person } from './people.ts';

/** What tests look at in a rule. */
export interface RuleShown {
  id: string;
  name: string;
  enabled: boolean;
  position: number;
  summary: string;
  when: { all: object[] };
  then: Record<string, unknown>[];
  scope: object;
  always_enforce: boolean;
  stats: { fired: number; last_at: string | null };
  version: number;
}
/** What creating and changing rules answers. */
export interface RuleAnswer {
  rule: RuleShown;
  backfill?: {
    dry_run: boolean;
    changed: number;
    entries: { entry_id: string; changes: Record<string, unknown> }[];
  };
}

/** A condition of text. */
export const textHas = (value: string) => ({ all: [{ field: 'text', op: 'contains', value }] });

/** Makes a rule that holds always and makes time not billable, or what `input` says instead. */
export const makeRule = (
  house: House,
  person: Person,
  input: object = {},
  acting: Acting = {},
): Promise<RuleAnswer> =>
  call<RuleAnswer>(
    house,
    person,
    'rules.create',
    { name: 'Rule', when: { all: [] }, then: [{ set_billable: false }], ...input },
    acting,
  );
