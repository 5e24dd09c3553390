// Made by scripts/generate.ts from the migrations; do not edit.
import type { Generated } from 'kysely';
import type { Id } from '#values/id.ts';

export interface ApiTokensRow {
  id: Id<'tok'>;
  hash: Buffer;
  last4: string;
  workspace_id: Generated<Id<'wsp'>>;
  user_id: Id<'usr'>;
  name: string;
  resource: 'mcp' | 'api';
  scopes: string[];
  created_at: Temporal.Instant;
  expires_at: Temporal.Instant | null;
  last_used_at: Temporal.Instant | null;
  revoked_at: Temporal.Instant | null;
}

export interface AuditHeadsRow {
  workspace_id: Id<'wsp'>;
  seq: bigint;
  hash: Buffer;
}

export interface AuditLogsRow {
  workspace_id: Id<'wsp'>;
  seq: bigint;
  id: Id<'aud'>;
  at: Temporal.Instant;
  actor_user_id: Id<'usr'> | null;
  actor_role: string | null;
  via: 'session' | 'grant' | 'token' | 'operator' | 'job';
  via_id: string | null;
  via_name: string | null;
  ip_prefix: string | null;
  action: string;
  entity_type: string | null;
  entity_id: string | null;
  before: unknown;
  after: unknown;
  request_id: string | null;
  prev_hash: Buffer;
  hash: Buffer;
}

export interface BudgetsRow {
  id: Id<'bud'>;
  workspace_id: Generated<Id<'wsp'>>;
  project_id: Id<'prj'>;
  kind: 'seconds' | 'money';
  amount: bigint;
  period: Generated<'total' | 'month'>;
  hard_stop: Generated<boolean>;
  alert_percents: Generated<number[]>;
}

export interface ClientContactsRow {
  id: Id<'ctc'>;
  workspace_id: Generated<Id<'wsp'>>;
  client_id: Id<'cli'>;
  position: number;
  name: string;
  email: string | null;
  role: string | null;
}

export interface ClientsRow {
  id: Id<'cli'>;
  workspace_id: Generated<Id<'wsp'>>;
  name: string;
  currency: string;
  email: string | null;
  tax_id: string | null;
  country: string | null;
  address: unknown;
  language: string | null;
  payment_terms_days: number | null;
  buyer_reference: string | null;
  rounding: unknown;
  archived_at: Temporal.Instant | null;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
  deleted_at: Temporal.Instant | null;
}

export interface IdempotencyKeysRow {
  workspace_id: Generated<Id<'wsp'>>;
  user_id: Id<'usr'>;
  key: string;
  operation: string;
  request_hash: string;
  made_as: string;
  response: unknown;
  created_at: Generated<Temporal.Instant>;
}

export interface MembershipsRow {
  id: Id<'mem'>;
  workspace_id: Generated<Id<'wsp'>>;
  user_id: Id<'usr'> | null;
  display_name: string | null;
  role: 'owner' | 'admin' | 'manager' | 'member' | 'viewer';
  status: Generated<'active' | 'inactive' | 'placeholder'>;
  capacity_seconds_week: number | null;
  working_days: Generated<number>;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
}

export interface OauthAccessTokensRow {
  hash: Buffer;
  grant_id: Id<'con'>;
  scopes: string[] | null;
  expires_at: Temporal.Instant;
}

export interface OauthAssertionsRow {
  hash: Buffer;
  expires_at: Temporal.Instant;
}

export interface OauthClientsRow {
  id: string;
  kind: 'dcr' | 'cimd' | 'static';
  name: string;
  redirect_uris: string[];
  auth_method: Generated<'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'>;
  secret_hash: Buffer | null;
  metadata: unknown;
  fetched_at: Temporal.Instant | null;
  fresh_until: Temporal.Instant | null;
  created_at: Temporal.Instant;
  last_used_at: Temporal.Instant | null;
}

export interface OauthCodesRow {
  hash: Buffer;
  grant_id: Id<'con'>;
  client_id: string;
  redirect_uri: string;
  redirect_uri_given: Generated<boolean>;
  challenge: string;
  expires_at: Temporal.Instant;
  used_at: Temporal.Instant | null;
}

export interface OauthGrantsRow {
  id: Id<'con'>;
  workspace_id: Id<'wsp'>;
  user_id: Id<'usr'>;
  client_id: string;
  client_name: string;
  redirect_host: string;
  resource: 'mcp' | 'api';
  requested: Generated<string[]>;
  scopes: string[];
  coarse: 'stint:read' | 'stint:write' | 'stint:admin' | null;
  chain_key: Buffer;
  created_at: Temporal.Instant;
  expires_at: Temporal.Instant;
  last_used_at: Temporal.Instant | null;
  last_ip_prefix: string | null;
  last_user_agent: string | null;
  revoked_at: Temporal.Instant | null;
  revoked_reason: string | null;
  version: Generated<number>;
}

export interface OauthRefreshTokensRow {
  hash: Buffer;
  grant_id: Id<'con'>;
  gen: number;
  scopes: string[];
  created_at: Temporal.Instant;
  expires_at: Temporal.Instant;
  used_at: Temporal.Instant | null;
}

export interface OauthTransactionsRow {
  hash: Buffer;
  session_hash: Buffer | null;
  params: unknown;
  expires_at: Temporal.Instant;
  used_at: Temporal.Instant | null;
}

export interface OutboxRow {
  id: Generated<bigint>;
  workspace_id: Generated<Id<'wsp'> | null>;
  topic: string;
  key: string;
  payload: unknown;
  available_at: Generated<Temporal.Instant>;
  attempts: Generated<number>;
  last_error: string | null;
  done_at: Temporal.Instant | null;
  created_at: Generated<Temporal.Instant>;
}

export interface ProjectMembersRow {
  workspace_id: Generated<Id<'wsp'>>;
  project_id: Id<'prj'>;
  membership_id: Id<'mem'>;
  is_manager: Generated<boolean>;
}

export interface ProjectsRow {
  id: Id<'prj'>;
  workspace_id: Generated<Id<'wsp'>>;
  client_id: Id<'cli'> | null;
  name: string;
  code: string | null;
  color: Generated<number>;
  status: Generated<'active' | 'archived'>;
  billing: Generated<'hourly' | 'fixed' | 'non_billable'>;
  fixed_fee_minor: bigint | null;
  currency: string;
  billable_default: Generated<boolean>;
  private: Generated<boolean>;
  rounding: unknown;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
  deleted_at: Temporal.Instant | null;
}

export interface RatesRow {
  id: Id<'rat'>;
  workspace_id: Generated<Id<'wsp'>>;
  level: 'workspace' | 'member' | 'client' | 'project' | 'project_member' | 'task';
  target_id: string;
  membership_id: Id<'mem'> | null;
  kind: Generated<'bill' | 'cost'>;
  currency: string;
  rate_minor: bigint | null;
  valid_from: Generated<Temporal.PlainDate>;
  created_at: Generated<Temporal.Instant>;
}

export interface SessionsRow {
  hash: Buffer;
  user_id: Id<'usr'>;
  created_at: Temporal.Instant;
  last_used_at: Temporal.Instant;
  expires_at: Temporal.Instant;
  ip_prefix: string | null;
  user_agent: string | null;
}

export interface TagsRow {
  id: Id<'tag'>;
  workspace_id: Generated<Id<'wsp'>>;
  name: string;
  color: Generated<number>;
  archived_at: Temporal.Instant | null;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
}

export interface TaskNotesRow {
  id: Id<'not'>;
  workspace_id: Generated<Id<'wsp'>>;
  task_id: Id<'tsk'>;
  author_id: Id<'mem'>;
  body: string;
  at: Generated<Temporal.Instant>;
}

export interface TaskTagsRow {
  workspace_id: Generated<Id<'wsp'>>;
  task_id: Id<'tsk'>;
  tag_id: Id<'tag'>;
}

export interface TasksRow {
  id: Id<'tsk'>;
  workspace_id: Generated<Id<'wsp'>>;
  project_id: Id<'prj'> | null;
  client_id: Id<'cli'> | null;
  summary: string;
  status: Generated<'open' | 'done'>;
  position: string;
  estimate_seconds: number | null;
  assignee_id: Id<'mem'> | null;
  created_by: Id<'mem'>;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
  deleted_at: Temporal.Instant | null;
}

export interface TimeEntriesRow {
  id: Id<'ten'>;
  workspace_id: Generated<Id<'wsp'>>;
  membership_id: Id<'mem'>;
  task_id: Id<'tsk'> | null;
  project_id: Id<'prj'> | null;
  client_id: Id<'cli'> | null;
  description: Generated<string>;
  mode: 'interval' | 'duration';
  state: 'running' | 'paused' | 'stopped';
  started_at: Temporal.Instant | null;
  ended_at: Temporal.Instant | null;
  timezone: string;
  local_date: Temporal.PlainDate;
  duration_seconds: Generated<number>;
  billable: boolean;
  rate_minor: bigint | null;
  currency: string | null;
  rate_source: Generated<'none' | 'entry' | 'task' | 'project_member' | 'project' | 'client' | 'member' | 'workspace' | 'rule'>;
  cost_rate_minor: bigint | null;
  source: 'web' | 'mcp' | 'api' | 'import' | 'rule' | 'cli';
  client_app_id: string | null;
  approved_at: Temporal.Instant | null;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
  deleted_at: Temporal.Instant | null;
}

export interface TimeEntryTagsRow {
  workspace_id: Generated<Id<'wsp'>>;
  entry_id: Id<'ten'>;
  tag_id: Id<'tag'>;
}

export interface TimeSegmentsRow {
  id: Id<'seg'>;
  workspace_id: Generated<Id<'wsp'>>;
  entry_id: Id<'ten'>;
  started_at: Temporal.Instant;
  ended_at: Temporal.Instant | null;
}

export interface UsersRow {
  id: Id<'usr'>;
  email: string;
  name: string;
  password_hash: string;
  timezone: Generated<string>;
  locale: Generated<string>;
  week_start: 0 | 1 | 6 | null;
  duration_format: Generated<'h:mm' | 'decimal' | 'text'>;
  disabled_at: Temporal.Instant | null;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
}

export interface WorkspaceEntitlementOverridesRow {
  workspace_id: Id<'wsp'>;
  key: string;
  value: unknown;
}

export interface WorkspacesRow {
  id: Id<'wsp'>;
  slug: string;
  name: string;
  currency: Generated<string>;
  timezone: Generated<string>;
  week_start: Generated<0 | 1 | 6>;
  locale: Generated<string>;
  status: Generated<'active' | 'suspended' | 'closed'>;
  plan: Generated<'free' | 'solo_pro' | 'team' | 'business'>;
  billing_state: Generated<'active' | 'trialing' | 'past_due' | 'read_only' | 'canceled'>;
  past_due_since: Temporal.Instant | null;
  mcp_enabled: Generated<boolean>;
  settings: Generated<unknown>;
  lock_date: Temporal.PlainDate | null;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
}

export interface Rows {
  api_tokens: ApiTokensRow;
  audit_heads: AuditHeadsRow;
  audit_logs: AuditLogsRow;
  budgets: BudgetsRow;
  client_contacts: ClientContactsRow;
  clients: ClientsRow;
  idempotency_keys: IdempotencyKeysRow;
  memberships: MembershipsRow;
  oauth_access_tokens: OauthAccessTokensRow;
  oauth_assertions: OauthAssertionsRow;
  oauth_clients: OauthClientsRow;
  oauth_codes: OauthCodesRow;
  oauth_grants: OauthGrantsRow;
  oauth_refresh_tokens: OauthRefreshTokensRow;
  oauth_transactions: OauthTransactionsRow;
  outbox: OutboxRow;
  project_members: ProjectMembersRow;
  projects: ProjectsRow;
  rates: RatesRow;
  sessions: SessionsRow;
  tags: TagsRow;
  task_notes: TaskNotesRow;
  task_tags: TaskTagsRow;
  tasks: TasksRow;
  time_entries: TimeEntriesRow;
  time_entry_tags: TimeEntryTagsRow;
  time_segments: TimeSegmentsRow;
  users: UsersRow;
  workspace_entitlement_overrides: WorkspaceEntitlementOverridesRow;
  workspaces: WorkspacesRow;
}
