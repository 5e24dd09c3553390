import type { House } from '#operation/run.ts';
import { call, type Person } from './people.ts';

/** An invoice as tests look at it. */
export interface TestInvoice {
  id: string;
  number: string | null;
  status: string;
  total: string;
  balance: string;
  currency: string;
  version: number;
  client: { id: string };
  sent_at: string | null;
}

/** What the user would be shown, and agree to. */
export const confirmOf = async (house: House, person: Person, id: string) => {
  const { invoice, content_hash } = await call<{ invoice: TestInvoice; content_hash: string }>(
    house,
    person,
    'invoices.get',
    { id },
  );
  return { content_hash, total: invoice.total, currency: invoice.currency };
};

/** A draft of 350.00 to a client with an e-mail address. */
export const makeDraft = async (
  house: House,
  person: Person,
  { client = {}, ...input }: { client?: object; [field: string]: unknown } = {},
): Promise<TestInvoice> => {
  const made = await call<{ client: { id: string } }>(house, person, 'clients.create', {
    name: 'Acme',
    email: 'billing@acme.example',
    currency: 'EUR',
    ...client,
  });
  const lines = [
    { description: 'Design', quantity: '3', unit_price: '100.00' },
    { description: 'Print', quantity: '1.5', unit_price: '33.33' },
  ];
  const { invoice } = await call<{ invoice: TestInvoice }>(house, person, 'invoices.create', {
    client_id: made.client.id,
    lines,
    ...input,
  });
  return invoice;
};

let keys = 0;
/** A key that no other call has. */
export const newKey = (): string => `test-key-${(keys += 1)}`;

/** A draft like that of `makeDraft`, issued. */
export const issueInvoice = async (
  house: House,
  person: Person,
  input: { client?: object; [field: string]: unknown } = {},
): Promise<TestInvoice> => {
  const { id } = await makeDraft(house, person, input);
  const confirm = await confirmOf(house, person, id);
  const { invoice } = await call<{ invoice: TestInvoice }>(house, person, 'invoices.finalize', {
    id,
    confirm,
    idempotency_key: newKey(),
  });
  return invoice;
};
