import { finalize, newKey, previewOf } from './invoices.ts';
import type { TestHouse } from './house.ts';
import { call, type Person } from './people.ts';

/** What invoices are filled with. */
interface Ground {
  readonly mara: Person;
  readonly noor: Person;
  readonly word: string;
  readonly client: string;
  readonly project: string;
  readonly taxes: readonly string[];
  /** Unbilled time of the client; four pieces at least. */
  readonly entries: readonly string[];
}

/** Fills a workspace with invoices in every state, and with everything that hangs on them. */
export const fillInvoices = async (
  house: TestHouse,
  { mara, noor, word, client, project, taxes, entries }: Ground,
): Promise<void> => {
  type Made = Record<string, { id: string; lines: { id: string }[] }>;
  const act = (name: string, input: object, person = noor) => call<Made>(house, person, name, input);
  const keyed = (name: string, input: object, person = noor) =>
    act(name, { ...input, idempotency_key: newKey() }, person);
  await act(
    'settings.update',
    { invoice: { legal_name: `We ${word}`, iban: 'DE89370400440532013000' } },
    mara,
  );
  const line = (unit_price: string, more: object = {}) => ({
    description: `Line ${word}`,
    unit_price,
    tax_ids: [taxes[0]],
    ...more,
  });
  const draft = async (input: object) =>
    (await act('invoices.create', { client_id: client, notes: `Note ${word}`, ...input }))['invoice']!.id;
  const issued = async (input: object) => {
    const id = await draft(input);
    await finalize(house, noor, id);
    return id;
  };
  const pay = (invoice_id: string, amount: string, more: object = {}) =>
    keyed('invoice_payments.record', {
      invoice_id,
      amount,
      currency: 'EUR',
      paid_on: '2026-10-05',
      reference: `Paid ${word}`,
      ...more,
    });
  const adjust = async (invoice_id: string, type: string, amount: string) =>
    (await act('invoice_adjustments.create', { invoice_id, type, amount, reason: `Because ${word}` }))[
      'adjustment'
    ]!.id;
  const credit = async (id: string, more: object = {}) =>
    (await act('invoices.credit', { id, reason: `Wrong ${word}`, ...more }))['invoice']!.id;

  const open = await draft({
    from_time: { entry_ids: entries.slice(0, 1) },
    lines: [line('1234.57', { project_id: project })],
  });
  await adjust(open, 'surcharge', '23.45');
  await act('invoice_artifacts.create', { invoice_id: open });

  const half = await issued({ from_time: { entry_ids: entries.slice(1, 2) }, lines: [line('2345.68')] });
  await pay(half, '456.79');
  await adjust(half, 'late_fee', '12.43');
  await act('invoice_artifacts.create', { invoice_id: half, kind: 'html' });
  await credit(half);

  const paid = await issued({ lines: [line('3456.78'), line('98.76')] });
  await pay(paid, '9999.19', { overpayment: 'client_credit' });
  const wrong = (await pay(half, '1.23'))['payment']!.id;
  await act('invoice_payments.delete', { id: wrong, reason: `Twice ${word}` }, mara);
  await pay(half, '65.43', { kind: 'credit_applied' });
  await finalize(house, noor, await credit(paid));

  const gone = await issued({ from_time: { entry_ids: entries.slice(2, 3) }, due_date: '2026-10-05' });
  await act('invoices.void', { id: gone, reason: `Wrong ${word}` }, mara);
  const lost = await issued({ lines: [line('567.89')] });
  await act('invoices.write_off', { id: lost, reason: `Gone ${word}` }, mara);

  const mail = { subject: `Mail ${word}` };
  const send = async (id: string, more: object = {}) =>
    keyed('invoices.send', { id, confirm: await previewOf(house, noor, id, mail), ...mail, ...more });
  await send(await draft({ lines: [line('789.12')], due_date: '2026-10-05' }));
  await send(await draft({ lines: [line('890.13')] }), { schedule_at: '2026-10-07T09:00' });
  await act('invoices.preview', { id: open });

  const series = { client_id: client, name: `Series ${word}`, schedule: { freq: 'monthly', last_day: true } };
  const monthly = { ...series, source: 'lines', lines: [line('678.91')], tax_ids: [taxes[0]] };
  await act('recurring_invoices.create', monthly);
  const time = { ...series, source: 'unbilled_time', project_ids: [project] };
  const { id } = (await act('recurring_invoices.create', time))['recurring_invoice']!;
  await act('recurring_invoices.pause', { id });
};
