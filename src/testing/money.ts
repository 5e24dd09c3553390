import { sql } from 'kysely';
import type { House } from '#operation/run.ts';
import { type Id, newId } from '#values/id.ts';
import { call, makeWorkspace, type Person } from './people.ts';
import { makeProject, makeTask } from './time.ts';
import { logTime } from './work.ts';

/** An issued document as the store keeps it; amounts in minor units, a credit note's negative. */
export interface IssuedDocument {
  clientId: string;
  number: string;
  kind?: 'invoice' | 'credit_note';
  correctsId?: string;
  status?: 'sent' | 'void' | 'written_off';
  currency?: string;
  issuedOn: string;
  dueOn?: string;
  taxes?: {
    taxCodeId: string;
    category?: string;
    ppm: number;
    taxable: bigint;
    tax: bigint;
    withheld?: boolean;
  }[];
  net: bigint;
  voidedAt?: string;
}

/** Puts an issued invoice into the store directly, past its operations: for sums that are known beforehand. */
export const issueDocument = (house: House, person: Person, given: IssuedDocument): Promise<Id<'inv'>> => {
  const now = house.clock();
  const id = newId('inv', now);
  const { taxes = [], status = 'sent' } = given;
  const tax = taxes.reduce((sum, each) => (each.withheld === true ? sum : sum + each.tax), 0n);
  return house.database.inWorkspace(person.workspaceId, now, async (tx) => {
    await tx
      .insertInto('invoices')
      .values({
        id,
        kind: given.kind ?? 'invoice',
        corrects_invoice_id: (given.correctsId ?? null) as Id<'inv'> | null,
        client_id: given.clientId as Id<'cli'>,
        currency: given.currency ?? 'EUR',
        issue_date: Temporal.PlainDate.from(given.issuedOn),
        due_date: Temporal.PlainDate.from(given.dueOn ?? given.issuedOn),
        net_minor: given.net,
        tax_minor: tax,
        total_minor: given.net + tax,
        created_by: person.membershipId,
      })
      .execute();
    for (const group of taxes)
      await tx
        .insertInto('invoice_tax_groups')
        .values({
          invoice_id: id,
          tax_code_id: group.taxCodeId as Id<'tax'>,
          name: `Tax ${group.ppm}`,
          category: group.category ?? 'S',
          ppm: group.ppm,
          withholding: group.withheld ?? false,
          taxable_minor: group.taxable,
          tax_minor: group.tax,
        })
        .execute();
    await sql`update invoices set status = ${status}, number = ${given.number}, finalized_at = stint_now(), document = '{}',
      voided_at = ${status === 'void' ? (given.voidedAt ?? now.toString()) : null}::timestamptz where id = ${id}`.execute(
      tx,
    );
    return id;
  });
};

/** Puts a payment into the store, and into the sums of its invoice. */
export const pay = (
  house: House,
  person: Person,
  invoice: string,
  minor: bigint,
  on: string,
): Promise<void> => {
  const now = house.clock();
  return house.database.inWorkspace(person.workspaceId, now, async (tx) => {
    const { currency } = await tx
      .updateTable('invoices')
      .set({ paid_minor: sql`paid_minor + ${minor}` })
      .where('id', '=', invoice as Id<'inv'>)
      .returning('currency')
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('invoice_payments')
      .values({
        id: newId('pay', now),
        invoice_id: invoice as Id<'inv'>,
        amount_minor: minor,
        currency,
        paid_on: Temporal.PlainDate.from(on),
        created_by: person.membershipId,
      })
      .execute();
  });
};

/** A tax code in the store. */
export const makeTaxCode = (house: House, person: Person, ppm: number): Promise<Id<'tax'>> => {
  const now = house.clock();
  const id = newId('tax', now);
  return house.database.inWorkspace(person.workspaceId, now, async (tx) => {
    await tx
      .insertInto('tax_codes')
      .values({ id, name: `Tax ${ppm}`, ppm, category: 'S' })
      .execute();
    return id;
  });
};

/** An expense in the store. */
export const spend = (
  house: House,
  person: Person,
  given: {
    clientId?: string;
    projectId?: string;
    minor: bigint;
    on: string;
    markupPpm?: number;
    billable?: boolean;
  },
): Promise<Id<'exp'>> => {
  const now = house.clock();
  const id = newId('exp', now);
  return house.database.inWorkspace(person.workspaceId, now, async (tx) => {
    await tx
      .insertInto('expenses')
      .values({
        id,
        membership_id: person.membershipId,
        spent_on: Temporal.PlainDate.from(given.on),
        client_id: (given.clientId ?? null) as Id<'cli'> | null,
        project_id: (given.projectId ?? null) as Id<'prj'> | null,
        description: 'Train',
        amount_minor: given.minor,
        currency: 'EUR',
        markup_ppm: given.markupPpm ?? 0,
        billable: given.billable ?? true,
      })
      .execute();
    return id;
  });
};

const quarters = { mode: 'up', increment_seconds: 900, scope: 'entry' };

/** A client with a piece of time of every sort that an invoice tells apart, billed in quarters of an hour unless said otherwise. */
export const billableWork = async (house: House, rounding: object | null = quarters) => {
  const workspace = await makeWorkspace(house);
  const { noor } = workspace;
  const { client } = await call<{ client: { id: string } }>(house, noor, 'clients.create', {
    name: 'Acme',
    currency: 'EUR',
    ...(rounding === null ? {} : { rounding }),
  });
  const clientId = client.id;
  const projectId = await makeProject(house, noor, { name: 'Site', client_id: clientId });
  const task = await makeTask(house, noor, { project_id: projectId });
  const on = { clientId, projectId, on: '2026-10-05' };
  const free = await logTime(house, noor, { ...on, taskId: task, seconds: 1000, rate: 10_000n });
  const locked = await logTime(house, noor, {
    ...on,
    seconds: 900,
    rate: 10_000n,
    approvedAt: '2026-10-06T00:00:00Z',
  });
  await logTime(house, noor, { ...on, taskId: task, billable: false });
  await logTime(house, noor, { ...on });
  await logTime(house, noor, { ...on, rate: 1n, currency: 'USD' });
  const billed = await logTime(house, noor, { ...on, taskId: task, rate: 10_000n });
  const invoice = await issueDocument(house, noor, {
    clientId,
    number: 'R-7',
    issuedOn: '2026-10-06',
    net: 10_000n,
  });
  await house.database.run(`update time_entries set invoice_id = $1 where id = $2`, [invoice, billed]);
  return { ...workspace, clientId, projectId, task, free, locked, billed, invoice };
};
