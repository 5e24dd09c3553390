export type Plan = 'free' | 'solo_pro' | 'team' | 'business';
export type BillingState = 'active' | 'trialing' | 'past_due' | 'read_only' | 'canceled';

/** What a plan gives. `members_limit` null is unlimited. Each can be overridden per workspace by the operator. */
export interface Entitlements {
  members_limit: number | null;
  invoicing: boolean;
  exports: boolean;
  expenses: boolean;
  approvals: boolean;
  public_api_access: boolean;
  audit_logs: boolean;
  recurring_invoices: boolean;
  e_invoices: boolean;
}
export type Entitlement = Exclude<keyof Entitlements, 'members_limit'>;

const free: Entitlements = {
  members_limit: 1,
  invoicing: false,
  exports: false,
  expenses: false,
  approvals: false,
  public_api_access: false,
  audit_logs: false,
  recurring_invoices: false,
  e_invoices: false,
};
const soloPro: Entitlements = { ...free, invoicing: true, exports: true, expenses: true };
const team: Entitlements = { ...soloPro, members_limit: 25, approvals: true, public_api_access: true };
const business: Entitlements = {
  ...team,
  members_limit: null,
  audit_logs: true,
  recurring_invoices: true,
  e_invoices: true,
};

/** The one table of plans. */
export const plans: Record<Plan, Entitlements> = { free, solo_pro: soloPro, team, business };
export const planNames = Object.keys(plans) as Plan[];
export const entitlementNames = Object.keys(free) as (keyof Entitlements)[];

/** How long a past-due workspace works as before. */
export const graceDays = 14;

/** When the grace ends, or null where none runs. */
export const graceEndsAt = (pastDueSince: Temporal.Instant | null): Temporal.Instant | null =>
  pastDueSince === null ? null : pastDueSince.add({ hours: graceDays * 24 });

/** Whether changes are allowed: no in read_only and canceled, nor past the grace of past_due. */
export const allowsChanges = (
  state: BillingState,
  pastDueSince: Temporal.Instant | null,
  now: Temporal.Instant,
): boolean => {
  if (state === 'read_only' || state === 'canceled') return false;
  const end = state === 'past_due' ? graceEndsAt(pastDueSince) : null;
  return end === null || Temporal.Instant.compare(now, end) < 0;
};
