import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { putRate } from '#features/rates/rate.ts';
import { newId } from '#values/id.ts';
import { currencyInput, parseAmount } from '#values/money.ts';
import { clientName } from './client.ts';
import {
  clientColumns,
  clientFieldRefusals,
  clientFields,
  refuseClosedFields,
  setContacts,
  warnOfSameName,
} from './client-input.ts';
import { clientDetail, findClient, storedClient, viewClientDetail } from './client-view.ts';

export const createClient = operation({
  name: 'clients.create',
  title: 'Add a client',
  summary: 'Add a client. Its currency is the one its work is billed in.',
  effect: 'create',
  needs: { scope: 'clients:write', role: 'manager' },
  input: z.object({
    name: clientName,
    currency: currencyInput.optional().describe('ISO 4217; default: the workspace’s.'),
    ...clientFields,
  }),
  output: z.object({ client: clientDetail.describe('The new client.') }),
  refusals: [...clientFieldRefusals],
  async handle({ name, currency: given, ...fields }, call) {
    const { tx, now, zone, actor, changed } = call;
    const currency = given ?? actor.workspace.currency;
    await refuseClosedFields(call, fields);
    const id = newId('cli', now);
    await tx
      .insertInto('clients')
      .values({ id, name, currency, ...clientColumns(fields) })
      .execute();
    await setContacts(call, id, fields.contacts);
    if (fields.rate != null) {
      const rateMinor = parseAmount(fields.rate, currency, 'rate');
      await putRate(call, { level: 'client', targetId: id, currency, rateMinor });
    }
    await warnOfSameName(call, name, id);
    const row = await findClient(call, id);
    changed({ id, after: storedClient(row, zone) });
    return { client: viewClientDetail(row, zone) };
  },
});
