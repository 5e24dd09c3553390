import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { graceEndsAt, planNames } from '#operation/plans.ts';
import { idSchema } from '#values/id.ts';
import { currencyText } from '#values/money.ts';

export const getWorkspace = operation({
  name: 'workspace.get',
  title: 'About the workspace',
  summary: 'The workspace that this connection reaches: currency, zone, plan, billing state and rules.',
  effect: 'read',
  needs: { scope: 'workspace:read', role: 'viewer' },
  input: z.object({}),
  output: z.object({
    id: idSchema('wsp'),
    name: z.string().describe('Its name.'),
    slug: z.string().describe('Its name in addresses.'),
    currency: currencyText.describe('Its own currency; clients and projects may have another.'),
    timezone: z.string().describe('IANA zone of its deadlines and invoices.'),
    week_start: z.number().int().describe('First day of the week: 0 Sunday, 1 Monday, 6 Saturday.'),
    locale: z.string().describe('Language and region.'),
    plan: z.enum(planNames as [(typeof planNames)[number]]).describe('Its plan.'),
    billing_state: z
      .enum(['active', 'trialing', 'past_due', 'read_only', 'canceled'])
      .describe('read_only and canceled allow no changes; past_due until grace_ends_at.'),
    grace_ends_at: z.string().nullable().describe('When a past_due workspace becomes read-only.'),
    features: z
      .record(z.string(), z.union([z.boolean(), z.number(), z.null()]))
      .describe(
        'What the plan gives, and mcp: whether AI tools may connect. members_limit null is no limit.',
      ),
    lock_date: z.string().nullable().describe('Time up to and including this day cannot change.'),
    settings: z
      .object({
        members_see_rates: z.boolean().describe('Whether members see rates and amounts.'),
        overlap_policy: z.enum(['allow', 'warn', 'forbid']).describe('What happens to time that overlaps.'),
        running_policy: z
          .enum(['stop_current', 'pause_current', 'error'])
          .describe('What a new timer does to the running one.'),
      })
      .describe('Rules of the workspace.'),
  }),
  async handle(_, { actor: { workspace } }) {
    const grace = graceEndsAt(workspace.past_due_since);
    return {
      id: workspace.id,
      name: workspace.name,
      slug: workspace.slug,
      currency: workspace.currency,
      timezone: workspace.timezone,
      week_start: workspace.week_start,
      locale: workspace.locale,
      plan: workspace.plan,
      billing_state: workspace.billing_state,
      grace_ends_at: grace?.toString({ smallestUnit: 'second' }) ?? null,
      features: { ...workspace.entitlements, mcp: workspace.mcp_enabled },
      lock_date: workspace.lock_date?.toString() ?? null,
      settings: workspace.settings,
    };
  },
});
