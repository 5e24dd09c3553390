import type { House } from '#operation/run.ts';
import { call, type Person } from './people.ts';
import { makeProject } from './time.ts';

/** What tests read of an invoice. */
export interface TestInvoice {
  id: string;
  number: string | null;
  status: string;
  currency: string;
  total: string;
  balance: string;
  paid: string;
  credited: string;
  written_off: string;
  late_fees: string;
  version: number;
  client: { id: string };
  sent_at: string | null;
  lines: {
    id: string;
    description: string;
    quantity: string;
    net: string;
    billed_seconds: number | null;
  }[];
}
/** What operations answer that are about one invoice. */
export interface InvoiceAnswer {
  invoice: TestInvoice;
}

/** A client, and a project of it. */
export const makeClient = async (
  house: House,
  person: Person,
  fields: object = {},
): Promise<{ client: string; project: string }> => {
  const { client } = await call<{ client: { id: string } }>(house, person, 'clients.create', {
    name: 'Acme',
    ...fields,
  });
  return { client: client.id, project: await makeProject(house, person, { client_id: client.id }) };
};

/** A draft of 350.00 to a client that is new unless given: three days of design, and a print at one and a half. */
export const makeInvoice = async (
  house: House,
  person: Person,
  { client, ...fields }: { client?: string; [field: string]: unknown } = {},
): Promise<TestInvoice> => {
  const client_id = client ?? (await makeClient(house, person)).client;
  const lines = [
    { description: 'Design', quantity: '3', unit_price: '100.00' },
    { description: 'Print', quantity: '1.5', unit_price: '33.33' },
  ];
  return (await call<InvoiceAnswer>(house, person, 'invoices.create', { client_id, lines, ...fields }))
    .invoice;
};

/** A draft of 350.00 EUR to a new client with an e-mail address; `client` says more of it. */
export const makeDraft = async (
  house: House,
  person: Person,
  { client = {}, ...fields }: { client?: object; [field: string]: unknown } = {},
): Promise<TestInvoice> => {
  const made = await makeClient(house, person, {
    email: 'billing@acme.example',
    currency: 'EUR',
    ...client,
  });
  return makeInvoice(house, person, { client: made.client, ...fields });
};

/** What a person who looked at an invoice confirms. */
export const confirmOf = async (house: House, person: Person, id: string) => {
  const { content_hash, invoice } = await call<InvoiceAnswer & { content_hash: string }>(
    house,
    person,
    'invoices.get',
    { id },
  );
  return { content_hash, total: invoice.total, currency: invoice.currency };
};

/** What a person who looked at an invoice and its mail confirms: also for other recipients or another text than the usual. */
export const previewOf = async (house: House, person: Person, id: string, mail: object = {}) => {
  const { preview_id, total, currency } = await call<{ preview_id: string; total: string; currency: string }>(
    house,
    person,
    'invoices.preview',
    { id, format: 'json', ...mail },
  );
  return { preview_id, total, currency };
};

let keys = 0;
/** An idempotency key that no other call has. */
export const newKey = (): string => `test-key-${++keys}`;

/** Issues a draft, confirming what it is now. */
export const finalize = async (house: House, person: Person, id: string): Promise<TestInvoice> => {
  const confirm = await confirmOf(house, person, id);
  const input = { id, confirm, idempotency_key: newKey() };
  return (await call<InvoiceAnswer>(house, person, 'invoices.finalize', input)).invoice;
};

/** A draft like that of `makeDraft`, issued. */
export const issueInvoice = async (
  house: House,
  person: Person,
  input: Parameters<typeof makeDraft>[2] = {},
): Promise<TestInvoice> => finalize(house, person, (await makeDraft(house, person, input)).id);

/** An invoice as it is now. */
export const showInvoice = async (house: House, person: Person, id: string): Promise<TestInvoice> =>
  (await call<InvoiceAnswer>(house, person, 'invoices.get', { id })).invoice;
