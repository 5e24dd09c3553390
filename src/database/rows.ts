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

export interface ClientCreditBalancesRow {
  workspace_id: Generated<Id<'wsp'>>;
  client_id: Id<'cli'>;
  currency: string;
  balance_minor: bigint;
}

export interface ClientCreditsRow {
  id: Id<'crd'>;
  workspace_id: Generated<Id<'wsp'>>;
  client_id: Id<'cli'>;
  currency: string;
  amount_minor: bigint;
  source: 'overpayment' | 'credit_note' | 'applied' | 'refund' | 'reversal';
  invoice_id: Id<'inv'> | null;
  payment_id: Id<'pay'> | null;
  created_at: Generated<Temporal.Instant>;
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
  default_tax_id: Id<'tax'> | null;
}

export interface ExpenseCategoriesRow {
  id: Id<'cat'>;
  workspace_id: Generated<Id<'wsp'>>;
  name: string;
  unit: string | null;
  unit_price_minor: bigint | null;
  billable_default: Generated<boolean>;
  default_tax_id: Id<'tax'> | null;
  archived_at: Temporal.Instant | null;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
}

export interface ExpensesRow {
  id: Id<'exp'>;
  workspace_id: Generated<Id<'wsp'>>;
  membership_id: Id<'mem'>;
  spent_on: Temporal.PlainDate;
  category_id: Id<'cat'> | null;
  project_id: Id<'prj'> | null;
  client_id: Id<'cli'> | null;
  description: Generated<string>;
  amount_minor: bigint;
  currency: string;
  tax_minor: Generated<bigint>;
  tax_code_id: Id<'tax'> | null;
  quantity_num: bigint | null;
  quantity_den: bigint | null;
  billable: Generated<boolean>;
  markup_ppm: Generated<number>;
  reimbursable: Generated<boolean>;
  status: Generated<'draft' | 'submitted' | 'approved' | 'rejected' | 'reimbursed'>;
  invoice_id: Id<'inv'> | null;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
  deleted_at: Temporal.Instant | null;
}

export interface FilesRow {
  workspace_id: Generated<Id<'wsp'>>;
  sha256: string;
  mime: string;
  content: Buffer;
  created_at: Generated<Temporal.Instant>;
}

export interface HouseKeysRow {
  name: string;
  key: Buffer;
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

export interface InvoiceAdjustmentsRow {
  id: Id<'adj'>;
  workspace_id: Generated<Id<'wsp'>>;
  invoice_id: Id<'inv'>;
  type: 'discount' | 'surcharge' | 'late_fee' | 'deposit' | 'credit' | 'write_off' | 'rounding';
  amount_minor: bigint;
  tax_code_ids: string[] | null;
  reason: string;
  adjusted_on: Temporal.PlainDate;
  closes: Generated<boolean>;
  created_by: Id<'mem'>;
  created_at: Generated<Temporal.Instant>;
  reversed_at: Temporal.Instant | null;
  reverse_reason: string | null;
}

export interface InvoiceArtifactsRow {
  id: Id<'art'>;
  workspace_id: Generated<Id<'wsp'>>;
  invoice_id: Id<'inv'>;
  payment_id: Id<'pay'> | null;
  kind: 'pdf' | 'html' | 'ubl' | 'cii' | 'facturx' | 'receipt' | 'reminder';
  file_version: number;
  sha256: string;
  bytes: number;
  mime: string;
  file_name: string;
  content_hash: string;
  sent_at: Temporal.Instant | null;
  retention_until: Temporal.PlainDate | null;
  created_at: Generated<Temporal.Instant>;
}

export interface InvoiceDispatchesRow {
  id: Id<'dsp'>;
  workspace_id: Generated<Id<'wsp'>>;
  invoice_id: Id<'inv'>;
  payment_id: Id<'pay'> | null;
  kind: 'invoice' | 'reminder' | 'receipt';
  level: number | null;
  recipients: string[];
  cc: Generated<string[]>;
  subject: string;
  body: string;
  artifact_ids: Generated<string[]>;
  resend_of: Id<'dsp'> | null;
  created_by: Id<'mem'> | null;
  via_name: string | null;
  created_at: Generated<Temporal.Instant>;
}

export interface InvoiceLineEntriesRow {
  workspace_id: Generated<Id<'wsp'>>;
  invoice_id: Id<'inv'>;
  invoice_line_id: Id<'lin'>;
  entry_id: Id<'ten'>;
  billed_seconds: number;
  amount_minor: bigint;
  active: Generated<boolean>;
}

export interface InvoiceLineExpensesRow {
  workspace_id: Generated<Id<'wsp'>>;
  invoice_id: Id<'inv'>;
  invoice_line_id: Id<'lin'>;
  expense_id: Id<'exp'>;
  amount_minor: bigint;
  active: Generated<boolean>;
}

export interface InvoiceLinesRow {
  id: Id<'lin'>;
  workspace_id: Generated<Id<'wsp'>>;
  invoice_id: Id<'inv'>;
  position: number;
  kind: 'time' | 'expense' | 'item' | 'text';
  description: string;
  details: string | null;
  quantity_num: bigint;
  quantity_den: bigint;
  unit: 'hour' | 'second' | 'day' | 'piece' | 'km' | null;
  unit_price_minor: bigint;
  price_base: Generated<number>;
  discount_kind: 'percent' | 'amount' | null;
  discount_value: bigint | null;
  tax_code_ids: Generated<string[]>;
  gross_minor: bigint;
  discount_minor: Generated<bigint>;
  net_minor: bigint;
  raw_seconds: number | null;
  billed_seconds: number | null;
  project_id: Id<'prj'> | null;
  task_id: Id<'tsk'> | null;
  membership_id: Id<'mem'> | null;
}

export interface InvoicePaymentsRow {
  id: Id<'pay'>;
  workspace_id: Generated<Id<'wsp'>>;
  invoice_id: Id<'inv'>;
  kind: Generated<'payment' | 'refund' | 'credit_applied'>;
  amount_minor: bigint;
  credited_minor: Generated<bigint>;
  currency: string;
  paid_on: Temporal.PlainDate;
  method: string | null;
  reference: string | null;
  created_by: Id<'mem'>;
  created_at: Generated<Temporal.Instant>;
  reversed_at: Temporal.Instant | null;
  reverse_reason: string | null;
}

export interface InvoicePreviewsRow {
  id: Id<'prv'>;
  workspace_id: Generated<Id<'wsp'>>;
  invoice_id: Id<'inv'>;
  content_hash: string;
  mail_hash: string;
  expires_at: Temporal.Instant;
}

export interface InvoiceTaxGroupsRow {
  workspace_id: Generated<Id<'wsp'>>;
  invoice_id: Id<'inv'>;
  tax_code_id: Id<'tax'>;
  name: string;
  category: string;
  ppm: number;
  withholding: boolean;
  exemption_reason: string | null;
  taxable_minor: bigint;
  tax_minor: bigint;
}

export interface InvoicesRow {
  id: Id<'inv'>;
  workspace_id: Generated<Id<'wsp'>>;
  kind: Generated<'invoice' | 'credit_note'>;
  corrects_invoice_id: Id<'inv'> | null;
  client_id: Id<'cli'>;
  series: Generated<string>;
  number: string | null;
  status: Generated<'draft' | 'scheduled' | 'sent' | 'void' | 'written_off'>;
  currency: string;
  issue_date: Temporal.PlainDate;
  due_date: Temporal.PlainDate;
  period_from: Temporal.PlainDate | null;
  period_to: Temporal.PlainDate | null;
  language: Generated<'en' | 'de' | 'fr'>;
  prices_include_tax: Generated<boolean>;
  discount_kind: 'percent' | 'amount' | null;
  discount_value: bigint | null;
  purchase_order: string | null;
  buyer_reference: string | null;
  notes: string | null;
  cash_rounding_minor: bigint | null;
  document: unknown;
  content_hash: string | null;
  subtotal_minor: Generated<bigint>;
  discount_minor: Generated<bigint>;
  charges_minor: Generated<bigint>;
  net_minor: Generated<bigint>;
  tax_minor: Generated<bigint>;
  rounding_minor: Generated<bigint>;
  total_minor: Generated<bigint>;
  withholding_minor: Generated<bigint>;
  deposit_minor: Generated<bigint>;
  payable_minor: Generated<bigint>;
  paid_minor: Generated<bigint>;
  credited_minor: Generated<bigint>;
  written_off_minor: Generated<bigint>;
  late_fees_minor: Generated<bigint>;
  balance_minor: Generated<bigint>;
  send_at: Temporal.Instant | null;
  send_request: unknown;
  finalized_at: Temporal.Instant | null;
  sent_at: Temporal.Instant | null;
  voided_at: Temporal.Instant | null;
  void_reason: string | null;
  recurring_id: Id<'rec'> | null;
  recurring_period: Temporal.PlainDate | null;
  releases_claims: Generated<boolean>;
  created_by: Id<'mem'>;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
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

export interface NumberSeriesRow {
  workspace_id: Generated<Id<'wsp'>>;
  kind: 'invoice' | 'credit_note';
  code: string;
  period_key: string;
  next_value: number;
  last_finalized_at: Temporal.Instant | null;
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
  handed_over_at: Temporal.Instant | null;
  gave_up_at: Temporal.Instant | null;
  problem: string | null;
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

export interface QuestionsRow {
  workspace_id: Generated<Id<'wsp'>>;
  state_hash: Buffer;
  user_id: Id<'usr'>;
  asked_as: string;
  operation: string;
  digest: string;
  expires_at: Temporal.Instant;
  used_at: Temporal.Instant | null;
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

export interface RecurringInvoicesRow {
  id: Id<'rec'>;
  workspace_id: Generated<Id<'wsp'>>;
  client_id: Id<'cli'>;
  name: string;
  schedule: unknown;
  timezone: string;
  starts_on: Temporal.PlainDate;
  ends_on: Temporal.PlainDate | null;
  next_on: Temporal.PlainDate | null;
  status: Generated<'active' | 'paused' | 'completed' | 'canceled'>;
  source: 'lines' | 'unbilled_time';
  auto_send: Generated<boolean>;
  terms_days: Generated<number>;
  template: unknown;
  failures: Generated<number>;
  last_error: string | null;
  retry_at: Temporal.Instant | null;
  created_by: Id<'mem'>;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
  deleted_at: Temporal.Instant | null;
}

export interface RuleFiringsRow {
  seq: Generated<bigint>;
  workspace_id: Generated<Id<'wsp'>>;
  rule_id: Id<'rul'>;
  entry_id: Id<'ten'>;
  at: Generated<Temporal.Instant>;
  changes: unknown;
}

export interface RulesRow {
  id: Id<'rul'>;
  workspace_id: Generated<Id<'wsp'>>;
  name: string;
  position: string;
  enabled: Generated<boolean>;
  always_enforce: Generated<boolean>;
  conditions: unknown;
  actions: unknown;
  scope: Generated<unknown>;
  created_by: Id<'mem'>;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
  deleted_at: Temporal.Instant | null;
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

export interface TaxCodesRow {
  id: Id<'tax'>;
  workspace_id: Generated<Id<'wsp'>>;
  name: string;
  ppm: number;
  category: 'S' | 'Z' | 'E' | 'AE' | 'K' | 'G' | 'O' | 'L' | 'M';
  compound_order: Generated<number>;
  withholding: Generated<boolean>;
  exemption_reason: string | null;
  exemption_code: string | null;
  country: string | null;
  archived_at: Temporal.Instant | null;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
  version: Generated<number>;
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
  settled: Generated<string[]>;
  invoice_id: Id<'inv'> | null;
  over_midnight: Generated<boolean>;
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
  client_credit_balances: ClientCreditBalancesRow;
  client_credits: ClientCreditsRow;
  clients: ClientsRow;
  expense_categories: ExpenseCategoriesRow;
  expenses: ExpensesRow;
  files: FilesRow;
  house_keys: HouseKeysRow;
  idempotency_keys: IdempotencyKeysRow;
  invoice_adjustments: InvoiceAdjustmentsRow;
  invoice_artifacts: InvoiceArtifactsRow;
  invoice_dispatches: InvoiceDispatchesRow;
  invoice_line_entries: InvoiceLineEntriesRow;
  invoice_line_expenses: InvoiceLineExpensesRow;
  invoice_lines: InvoiceLinesRow;
  invoice_payments: InvoicePaymentsRow;
  invoice_previews: InvoicePreviewsRow;
  invoice_tax_groups: InvoiceTaxGroupsRow;
  invoices: InvoicesRow;
  memberships: MembershipsRow;
  number_series: NumberSeriesRow;
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
  questions: QuestionsRow;
  rates: RatesRow;
  recurring_invoices: RecurringInvoicesRow;
  rule_firings: RuleFiringsRow;
  rules: RulesRow;
  sessions: SessionsRow;
  tags: TagsRow;
  task_notes: TaskNotesRow;
  task_tags: TaskTagsRow;
  tasks: TasksRow;
  tax_codes: TaxCodesRow;
  time_entries: TimeEntriesRow;
  time_entry_tags: TimeEntryTagsRow;
  time_segments: TimeSegmentsRow;
  users: UsersRow;
  workspace_entitlement_overrides: WorkspaceEntitlementOverridesRow;
  workspaces: WorkspacesRow;
}
