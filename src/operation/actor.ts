import type { Id } from '#values/id.ts';
import type { BillingState, Entitlements, Plan } from './plans.ts';
import type { CoarseScope, Scope } from './scopes.ts';

export const roles = ['viewer', 'member', 'manager', 'admin', 'owner'] as const;
export type Role = (typeof roles)[number];
/** Whether `held` is at least `wanted`. */
export const roleCovers = (held: Role, wanted: Role): boolean => roles.indexOf(held) >= roles.indexOf(wanted);

/** What a workspace may set for itself; defaults in `workspaceSettings`. */
export interface WorkspaceSettings {
  members_see_rates: boolean;
  overlap_policy: 'allow' | 'warn' | 'forbid';
  running_policy: 'stop_current' | 'pause_current' | 'error';
}
/** Of what is stored, what an actor needs at every call; the rest is read by those who need it (`readSettings`). */
export const workspaceSettings = (stored: unknown): WorkspaceSettings => {
  const {
    members_see_rates = false,
    overlap_policy = 'warn',
    running_policy = 'stop_current',
  } = stored as Partial<WorkspaceSettings>;
  return { members_see_rates, overlap_policy, running_policy };
};

/** By what credential somebody acts. */
export interface Via {
  /** session: the web app; grant: a connected app; token: an API token; operator: the command line; job: the house itself. */
  readonly kind: 'session' | 'grant' | 'token' | 'operator' | 'job';
  /** The connection or API token, else null. */
  readonly id: Id<'con'> | Id<'tok'> | null;
  /** The client's or token's name: what the audit log says. */
  readonly name: string | null;
  /** For which resource the credential was made; `app` is the house's own. */
  readonly resource: 'mcp' | 'api' | 'app';
  /** What the credential allows; everything for a session, operator or job. */
  readonly scopes: ReadonlySet<Scope>;
  readonly coarse: CoarseScope | null;
}

/** Who acts, where, and by what leave: everything that `obstacle` asks about. */
export interface Actor {
  readonly user: {
    readonly id: Id<'usr'>;
    readonly name: string;
    readonly email: string;
    readonly timezone: string;
    readonly locale: string;
    readonly week_start: 0 | 1 | 6;
    readonly duration_format: 'h:mm' | 'decimal' | 'text';
  };
  readonly workspace: {
    readonly id: Id<'wsp'>;
    readonly slug: string;
    readonly name: string;
    readonly currency: string;
    readonly timezone: string;
    readonly week_start: 0 | 1 | 6;
    readonly locale: string;
    readonly plan: Plan;
    readonly billing_state: BillingState;
    readonly past_due_since: Temporal.Instant | null;
    readonly mcp_enabled: boolean;
    readonly lock_date: Temporal.PlainDate | null;
    readonly settings: WorkspaceSettings;
    readonly entitlements: Entitlements;
  };
  readonly membership: { readonly id: Id<'mem'>; readonly role: Role };
  readonly via: Via;
}

/** Whether this person may see what hours are worth. Costs are for managers only, whatever the workspace allows. */
export const sees = (actor: Actor, what: 'amounts' | 'costs'): boolean =>
  roleCovers(actor.membership.role, 'manager') ||
  (what === 'amounts' && actor.workspace.settings.members_see_rates);
