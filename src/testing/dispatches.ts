import { openTestHouse, type TestHouse } from './house.ts';
import { confirmOf, makeDraft, newKey } from './invoices.ts';
import { call, type Person } from './people.ts';

/** What tests read of an e-mail about an invoice. */
export interface Dispatch {
  id: string;
  kind: string;
  status: string;
  to: string[];
  cc: string[];
  subject: string;
  artifact_ids: string[];
  resend_of: string | null;
  attempts: number;
  problem: string | null;
  next_attempt_at: string | null;
  level: number | null;
}

/** Calls an operation that e-mails somebody, with a key of its own; gives the e-mail. */
export const act = async (
  on: TestHouse,
  person: Person,
  operation: string,
  input: object,
): Promise<Dispatch> =>
  (await call<{ dispatch: Dispatch }>(on, person, operation, { idempotency_key: newKey(), ...input }))
    .dispatch;

/** Drafts an invoice and sends it as it is. */
export const sendNew = async (
  on: TestHouse,
  person: Person,
  input: Parameters<typeof makeDraft>[2] = {},
): Promise<{ id: string; dispatch: Dispatch }> => {
  const { id } = await makeDraft(on, person, input);
  const confirm = await confirmOf(on, person, id);
  return { id, dispatch: await act(on, person, 'invoices.send', { id, confirm }) };
};

/** A stopped house, on a day when what is due on the 15th is not yet overdue. */
export const onFifth = async (): Promise<TestHouse> => {
  const stopped = await openTestHouse();
  stopped.setNow('2026-10-05T12:00:00Z');
  return stopped;
};

/** The mails of a workspace that are on their way. */
export const mailsOf = async (house: TestHouse, workspace: string) => {
  const rows = await house.database.identity
    .selectFrom('outbox')
    .select(['key', 'payload'])
    .where('workspace_id', '=', workspace as `wsp_${string}`)
    .orderBy('id')
    .execute();
  return rows.map(({ key, payload }) => ({ key, ...(payload as Record<string, unknown>) }));
};
