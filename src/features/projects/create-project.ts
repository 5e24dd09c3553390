import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { clientArchived, clientId, currencyMismatch, openClient } from '#features/clients/client.ts';
import { putRate } from '#features/rates/rate.ts';
import { type Id, newId } from '#values/id.ts';
import { currencyInput, parseAmount } from '#values/money.ts';
import { feeOf, projectFields, projectName, setBudget, setMembers } from './project-input.ts';
import { findProject, projectDetail, storedProject, viewProjectDetail } from './project-view.ts';

/** The currency a new project is billed in: its client's, else the one given, else the workspace's. */
const currencyFor = async (
  call: Call,
  client: Id<'cli'> | null,
  given: string | undefined,
): Promise<string> => {
  if (client === null) return given ?? call.actor.workspace.currency;
  const { name, currency } = await openClient(call, client);
  if (given !== undefined && given !== currency) {
    const because = `The client "${name}" is billed in ${currency}, so its project cannot be in ${given}. Leave currency out.`;
    throw currencyMismatch({ wanted: currency, given, because }, 'currency');
  }
  return currency;
};

export const createProject = operation({
  name: 'projects.create',
  title: 'Add a project',
  summary: 'Add a project, for a client or for ourselves.',
  effect: 'create',
  needs: { scope: 'projects:write', role: 'manager' },
  input: z.object({
    name: projectName,
    client_id: clientId.nullish().describe('Whom it is for.'),
    currency: currencyInput.optional().describe('Only without client_id; else the client’s.'),
    ...projectFields,
  }),
  output: z.object({ project: projectDetail.describe('The new project.') }),
  refusals: [clientArchived, currencyMismatch],
  async handle({ name, client_id, currency: given, ...fields }, call) {
    const { tx, now, zone, changed } = call;
    const { billing = 'hourly', code = null, color = 0, fixed_fee = null, members, budget, rate } = fields;
    const currency = await currencyFor(call, client_id ?? null, given);
    const id = newId('prj', now);
    await tx
      .insertInto('projects')
      .values({
        id,
        name,
        client_id: client_id ?? null,
        code,
        color,
        billing,
        fixed_fee_minor: feeOf(billing, fixed_fee, currency),
        currency,
        billable_default: fields.billable ?? billing !== 'non_billable',
        private: fields.private ?? false,
        rounding: fields.rounding == null ? null : JSON.stringify(fields.rounding),
      })
      .execute();
    await setBudget(call, id, budget, currency);
    await setMembers(call, id, members, currency);
    if (rate != null) {
      const rateMinor = parseAmount(rate, currency, 'rate');
      await putRate(call, { level: 'project', targetId: id, currency, rateMinor });
    }
    const row = await findProject(call, id);
    changed({ id, after: storedProject(row, zone) });
    return { project: viewProjectDetail(row, zone) };
  },
});
