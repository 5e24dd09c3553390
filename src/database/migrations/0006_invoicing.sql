-- Invoices: tax codes, drafts and their claims on time and expenses, numbers, payments, credits, files, dispatches, series.
-- Why claims are rows of their own: an invoice that was voided or credited still shows what it was made of, while its time is free
-- again. The unique index over active claims is what keeps time from being billed twice; time_entries.invoice_id mirrors it, so that
-- every write of time sees its lock without asking another table.

create domain tax_code_id as text check (value ~ '^tax_[0-9a-hjkmnp-tv-z]{26}$');
create domain invoice_id as text check (value ~ '^inv_[0-9a-hjkmnp-tv-z]{26}$');
create domain invoice_line_id as text check (value ~ '^lin_[0-9a-hjkmnp-tv-z]{26}$');
create domain payment_id as text check (value ~ '^pay_[0-9a-hjkmnp-tv-z]{26}$');
create domain adjustment_id as text check (value ~ '^adj_[0-9a-hjkmnp-tv-z]{26}$');
create domain artifact_id as text check (value ~ '^art_[0-9a-hjkmnp-tv-z]{26}$');
create domain dispatch_id as text check (value ~ '^dsp_[0-9a-hjkmnp-tv-z]{26}$');
create domain preview_id as text check (value ~ '^prv_[0-9a-hjkmnp-tv-z]{26}$');
create domain recurring_id as text check (value ~ '^rec_[0-9a-hjkmnp-tv-z]{26}$');
create domain credit_id as text check (value ~ '^crd_[0-9a-hjkmnp-tv-z]{26}$');
create domain expense_id as text check (value ~ '^exp_[0-9a-hjkmnp-tv-z]{26}$');
create domain expense_category_id as text check (value ~ '^cat_[0-9a-hjkmnp-tv-z]{26}$');

-- Never changed once in use: archived, and superseded by another. Categories are EN 16931's (UNTDID 5305).
create table tax_codes (
  id tax_code_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  name text not null check (length(name) between 1 and 60),
  ppm int not null check (ppm between 0 and 1000000),
  category text not null check (category in ('S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M')),
  compound_order smallint not null default 0 check (compound_order between 0 and 9),
  withholding boolean not null default false,
  exemption_reason text check (length(exemption_reason) <= 300),
  exemption_code text check (length(exemption_code) <= 40),
  country char(2) check (country ~ '^[A-Z]{2}$'),
  archived_at timestamptz,
  created_at timestamptz not null default stint_now(),
  updated_at timestamptz not null default stint_now(),
  version int not null default 1,
  unique (workspace_id, id),
  constraint only_some_categories_tax_at_more_than_zero check (ppm = 0 or category in ('S', 'L', 'M'))
);
create trigger touch before update on tax_codes for each row execute function touch();
call wall('tax_codes');

alter table clients add column default_tax_id tax_code_id;
alter table clients add foreign key (workspace_id, default_tax_id) references tax_codes (workspace_id, id);

-- The next number of a series in its period ('' where it never starts anew). The row is locked from the giving of a number until the
-- end of its transaction, so numbers have no gaps and follow the order in which they were given.
create table number_series (
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  kind text not null check (kind in ('invoice', 'credit_note')),
  code text not null check (code ~ '^[a-z0-9_-]{1,20}$'),
  period_key text not null,
  next_value int not null check (next_value >= 1),
  last_finalized_at timestamptz,
  primary key (workspace_id, kind, code, period_key)
);
call wall('number_series');

create table recurring_invoices (
  id recurring_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  client_id client_id not null,
  name text not null check (length(name) between 1 and 200),
  schedule jsonb not null,
  timezone text not null,
  starts_on date not null,
  ends_on date,
  next_on date,
  status text not null default 'active' check (status in ('active', 'paused', 'completed', 'canceled')),
  source text not null check (source in ('lines', 'unbilled_time')),
  auto_send boolean not null default false,
  terms_days int not null default 14 check (terms_days between 0 and 365),
  template jsonb not null,
  failures int not null default 0 check (failures >= 0),
  last_error text,
  retry_at timestamptz,
  created_by membership_id not null,
  created_at timestamptz not null default stint_now(),
  updated_at timestamptz not null default stint_now(),
  version int not null default 1,
  deleted_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, client_id) references clients (workspace_id, id),
  foreign key (workspace_id, created_by) references memberships (workspace_id, id),
  constraint only_an_active_series_has_a_next_date check (status in ('active', 'paused') or next_on is null)
);
create index on recurring_invoices (next_on) where status = 'active' and deleted_at is null;
create trigger touch before update on recurring_invoices for each row execute function touch();
call wall('recurring_invoices');

-- Amounts of a credit note are negative: an invoice and the credit note of all its lines sum to nothing.
-- total = net + tax + rounding; payable = total - withholding - deposit; balance is what is still owed of it.
create table invoices (
  id invoice_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  kind text not null default 'invoice' check (kind in ('invoice', 'credit_note')),
  corrects_invoice_id invoice_id,
  client_id client_id not null,
  series text not null default 'default',
  number text,
  status text not null default 'draft' check (status in ('draft', 'scheduled', 'sent', 'void', 'written_off')),
  currency currency_code not null,
  issue_date date not null,
  due_date date not null,
  period_from date,
  period_to date,
  language text not null default 'en' check (language in ('en', 'de', 'fr')),
  prices_include_tax boolean not null default false,
  discount_kind text check (discount_kind in ('percent', 'amount')),
  discount_value bigint, -- ppm, or minor units
  purchase_order text check (length(purchase_order) <= 100),
  buyer_reference text check (length(buyer_reference) <= 200),
  notes text check (length(notes) <= 5000),
  cash_rounding_minor bigint check (cash_rounding_minor > 0),
  document jsonb, -- the document as it was issued: parties, lines, texts, look
  content_hash text check (content_hash ~ '^[0-9a-f]{64}$'),
  subtotal_minor bigint not null default 0,
  discount_minor bigint not null default 0,
  charges_minor bigint not null default 0,
  net_minor bigint not null default 0,
  tax_minor bigint not null default 0,
  rounding_minor bigint not null default 0,
  total_minor bigint not null default 0,
  withholding_minor bigint not null default 0,
  deposit_minor bigint not null default 0,
  payable_minor bigint not null generated always as (total_minor - withholding_minor - deposit_minor) stored,
  paid_minor bigint not null default 0,
  credited_minor bigint not null default 0,
  written_off_minor bigint not null default 0,
  late_fees_minor bigint not null default 0,
  balance_minor bigint not null generated always as
    (total_minor - withholding_minor - deposit_minor - paid_minor - credited_minor - written_off_minor + late_fees_minor) stored,
  send_at timestamptz,
  send_request jsonb,
  finalized_at timestamptz,
  sent_at timestamptz,
  voided_at timestamptz,
  void_reason text,
  recurring_id recurring_id,
  recurring_period date,
  releases_claims boolean not null default false, -- of a credit note: the time of the invoice it corrects is free again once it is credited whole
  created_by membership_id not null,
  created_at timestamptz not null default stint_now(),
  updated_at timestamptz not null default stint_now(),
  version int not null default 1,
  unique (workspace_id, id),
  foreign key (workspace_id, client_id) references clients (workspace_id, id),
  foreign key (workspace_id, corrects_invoice_id) references invoices (workspace_id, id),
  foreign key (workspace_id, recurring_id) references recurring_invoices (workspace_id, id),
  foreign key (workspace_id, created_by) references memberships (workspace_id, id),
  constraint numbered_exactly_when_finalized check ((number is null) = (finalized_at is null)),
  constraint a_draft_is_not_finalized check ((status in ('draft', 'scheduled')) = (finalized_at is null)),
  constraint frozen_exactly_when_finalized check ((document is null) = (finalized_at is null)),
  constraint scheduled_has_its_moment check ((status = 'scheduled') = (send_at is not null)),
  constraint void_has_its_moment check ((status = 'void') = (voided_at is not null)),
  constraint only_credit_notes_correct check (kind = 'credit_note' or corrects_invoice_id is null),
  constraint a_discount_has_kind_and_value check ((discount_kind is null) = (discount_value is null)),
  constraint totals_add_up check (total_minor = net_minor + tax_minor + rounding_minor),
  constraint one_number_once unique (workspace_id, kind, number),
  constraint one_invoice_per_period_of_a_series unique (workspace_id, recurring_id, recurring_period)
);
create index on invoices (workspace_id, client_id, issue_date);
create index on invoices (workspace_id, issue_date desc, id desc);
create index on invoices (workspace_id, corrects_invoice_id) where corrects_invoice_id is not null;
create index on invoices (send_at) where status = 'scheduled';
create index invoices_that_are_owed on invoices (workspace_id, due_date) where status = 'sent' and balance_minor > 0;
create trigger touch before update on invoices for each row execute function touch();
call wall('invoices');

-- What people call the state of an invoice on a day; nothing of it is stored.
create function invoice_display_status(i invoices, today date) returns text language sql immutable
  return case
    when i.status <> 'sent' or i.kind = 'credit_note' then i.status
    when i.balance_minor <= 0 then 'paid'
    when today > i.due_date then 'overdue'
    when i.paid_minor + i.credited_minor > 0 then 'partially_paid'
    else 'sent'
  end;

-- quantity is num/den; a price is for price_base units: 3600 where the quantity is seconds and the price an hour's.
create table invoice_lines (
  id invoice_line_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  invoice_id invoice_id not null,
  position int not null,
  kind text not null check (kind in ('time', 'expense', 'item', 'text')),
  description text not null check (length(description) between 1 and 2000),
  details text check (length(details) <= 5000),
  quantity_num bigint not null,
  quantity_den bigint not null check (quantity_den > 0),
  unit text check (unit in ('hour', 'second', 'day', 'piece', 'km')),
  unit_price_minor bigint not null,
  price_base int not null default 1 check (price_base > 0),
  discount_kind text check (discount_kind in ('percent', 'amount')),
  discount_value bigint,
  tax_code_ids text[] not null default '{}' check (cardinality(tax_code_ids) <= 4),
  gross_minor bigint not null,
  discount_minor bigint not null default 0,
  net_minor bigint not null,
  raw_seconds int check (raw_seconds >= 0),
  billed_seconds int check (billed_seconds >= 0),
  project_id project_id,
  task_id task_id,
  membership_id membership_id,
  unique (workspace_id, id),
  foreign key (workspace_id, invoice_id) references invoices (workspace_id, id) on delete cascade,
  foreign key (workspace_id, project_id) references projects (workspace_id, id),
  foreign key (workspace_id, task_id) references tasks (workspace_id, id),
  foreign key (workspace_id, membership_id) references memberships (workspace_id, id),
  constraint one_line_per_position unique (workspace_id, invoice_id, position) deferrable initially deferred,
  constraint a_line_discount_has_kind_and_value check ((discount_kind is null) = (discount_value is null)),
  constraint lines_add_up check (net_minor = gross_minor - discount_minor),
  constraint only_time_has_seconds check ((kind = 'time') = (raw_seconds is not null and billed_seconds is not null))
);
call wall('invoice_lines');

create table invoice_tax_groups (
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  invoice_id invoice_id not null,
  tax_code_id tax_code_id not null,
  name text not null,
  category text not null,
  ppm int not null,
  withholding boolean not null,
  exemption_reason text,
  taxable_minor bigint not null,
  tax_minor bigint not null,
  primary key (workspace_id, invoice_id, tax_code_id),
  foreign key (workspace_id, invoice_id) references invoices (workspace_id, id) on delete cascade,
  foreign key (workspace_id, tax_code_id) references tax_codes (workspace_id, id)
);
call wall('invoice_tax_groups');

-- What was issued does not change: it is voided, or corrected by a credit note.
create function refuse_change_of_issued() returns trigger language plpgsql as $$
begin
  -- A workspace that is deleted whole takes its invoices with it.
  if exists (select from invoices i join workspaces w on w.id = i.workspace_id
    where i.id = coalesce(new.invoice_id, old.invoice_id) and i.finalized_at is not null) then
    raise exception 'an issued invoice does not change' using constraint = 'issued_lines_never_change';
  end if;
  return coalesce(new, old);
end $$;
create trigger issued_lines_never_change before insert or update or delete on invoice_lines
  for each row execute function refuse_change_of_issued();
create trigger issued_taxes_never_change before insert or update or delete on invoice_tax_groups
  for each row execute function refuse_change_of_issued();
create function refuse_change_of_issued_invoice() returns trigger language plpgsql as $$
begin
  if old.finalized_at is not null and (
    (old.number, old.kind, old.client_id, old.series, old.currency, old.issue_date, old.prices_include_tax, old.total_minor,
     old.net_minor, old.tax_minor, old.finalized_at, old.corrects_invoice_id)
    is distinct from
    (new.number, new.kind, new.client_id, new.series, new.currency, new.issue_date, new.prices_include_tax, new.total_minor,
     new.net_minor, new.tax_minor, new.finalized_at, new.corrects_invoice_id)) then
    raise exception 'an issued invoice does not change' using constraint = 'issued_invoices_never_change';
  end if;
  return new;
end $$;
create trigger issued_invoices_never_change before update on invoices
  for each row execute function refuse_change_of_issued_invoice();
create function refuse_delete_of_issued_invoice() returns trigger language plpgsql as $$
begin
  if old.finalized_at is not null and exists (select from workspaces w where w.id = old.workspace_id) then
    raise exception 'an issued invoice is not deleted' using constraint = 'issued_invoices_stay';
  end if;
  return old;
end $$;
create trigger issued_invoices_stay before delete on invoices for each row execute function refuse_delete_of_issued_invoice();

alter table time_entries add column invoice_id invoice_id;
alter table time_entries add foreign key (workspace_id, invoice_id) references invoices (workspace_id, id);
create index on time_entries (workspace_id, invoice_id) where invoice_id is not null;
create index unbilled_time on time_entries (workspace_id, client_id, local_date)
  where billable and state = 'stopped' and deleted_at is null and invoice_id is null;

-- Which time a line is made of. Inactive: the draft was deleted or changed, the invoice voided, or credited in full.
create table invoice_line_entries (
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  invoice_id invoice_id not null,
  invoice_line_id invoice_line_id not null,
  entry_id entry_id not null,
  billed_seconds int not null check (billed_seconds >= 0),
  amount_minor bigint not null,
  active boolean not null default true,
  primary key (workspace_id, invoice_line_id, entry_id),
  foreign key (workspace_id, invoice_id) references invoices (workspace_id, id) on delete cascade,
  foreign key (workspace_id, invoice_line_id) references invoice_lines (workspace_id, id) on delete cascade,
  foreign key (workspace_id, entry_id) references time_entries (workspace_id, id)
);
create unique index one_active_invoice_per_entry on invoice_line_entries (workspace_id, entry_id) where active;
create index on invoice_line_entries (workspace_id, invoice_id);
call wall('invoice_line_entries');

create function mirror_claim() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.active and (tg_op = 'DELETE' or not new.active) then
    update time_entries set invoice_id = null where id = old.entry_id and invoice_id = old.invoice_id;
  end if;
  if tg_op <> 'DELETE' and new.active and (tg_op = 'INSERT' or not old.active) then
    update time_entries set invoice_id = new.invoice_id where id = new.entry_id;
  end if;
  return null;
end $$;
create trigger mirror_claim after insert or update or delete on invoice_line_entries
  for each row execute function mirror_claim();

create table expense_categories (
  id expense_category_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  name text not null check (length(name) between 1 and 60),
  unit text check (length(unit) <= 20),
  unit_price_minor bigint check (unit_price_minor >= 0),
  billable_default boolean not null default true,
  default_tax_id tax_code_id,
  archived_at timestamptz,
  created_at timestamptz not null default stint_now(),
  updated_at timestamptz not null default stint_now(),
  version int not null default 1,
  unique (workspace_id, id),
  foreign key (workspace_id, default_tax_id) references tax_codes (workspace_id, id)
);
create unique index one_category_per_name on expense_categories (workspace_id, lower(name));
create trigger touch before update on expense_categories for each row execute function touch();
call wall('expense_categories');

create table expenses (
  id expense_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  membership_id membership_id not null,
  spent_on date not null,
  category_id expense_category_id,
  project_id project_id,
  client_id client_id,
  description text not null default '' check (length(description) <= 2000),
  amount_minor bigint not null check (amount_minor >= 0),
  currency currency_code not null,
  tax_minor bigint not null default 0 check (tax_minor >= 0),
  tax_code_id tax_code_id,
  quantity_num bigint,
  quantity_den bigint check (quantity_den > 0),
  billable boolean not null default true,
  markup_ppm int not null default 0 check (markup_ppm between 0 and 10000000),
  reimbursable boolean not null default false,
  status text not null default 'draft' check (status in ('draft', 'submitted', 'approved', 'rejected', 'reimbursed')),
  invoice_id invoice_id,
  created_at timestamptz not null default stint_now(),
  updated_at timestamptz not null default stint_now(),
  version int not null default 1,
  deleted_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, membership_id) references memberships (workspace_id, id),
  foreign key (workspace_id, category_id) references expense_categories (workspace_id, id),
  foreign key (workspace_id, project_id) references projects (workspace_id, id),
  foreign key (workspace_id, client_id) references clients (workspace_id, id),
  foreign key (workspace_id, tax_code_id) references tax_codes (workspace_id, id),
  foreign key (workspace_id, invoice_id) references invoices (workspace_id, id)
);
create index on expenses (workspace_id, client_id, spent_on);
create index on expenses (workspace_id, project_id);
create index on expenses (workspace_id, membership_id, spent_on);
create trigger touch before update on expenses for each row execute function touch();
call wall('expenses');

create table invoice_line_expenses (
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  invoice_id invoice_id not null,
  invoice_line_id invoice_line_id not null,
  expense_id expense_id not null,
  amount_minor bigint not null,
  active boolean not null default true,
  primary key (workspace_id, invoice_line_id, expense_id),
  foreign key (workspace_id, invoice_id) references invoices (workspace_id, id) on delete cascade,
  foreign key (workspace_id, invoice_line_id) references invoice_lines (workspace_id, id) on delete cascade,
  foreign key (workspace_id, expense_id) references expenses (workspace_id, id)
);
create unique index one_active_invoice_per_expense on invoice_line_expenses (workspace_id, expense_id) where active;
create index on invoice_line_expenses (workspace_id, invoice_id);
call wall('invoice_line_expenses');

create function mirror_expense_claim() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.active and (tg_op = 'DELETE' or not new.active) then
    update expenses set invoice_id = null where id = old.expense_id and invoice_id = old.invoice_id;
  end if;
  if tg_op <> 'DELETE' and new.active and (tg_op = 'INSERT' or not old.active) then
    update expenses set invoice_id = new.invoice_id where id = new.expense_id;
  end if;
  return null;
end $$;
create trigger mirror_expense_claim after insert or update or delete on invoice_line_expenses
  for each row execute function mirror_expense_claim();

-- discount, surcharge, deposit and rounding change a draft; late_fee, credit and write_off an issued invoice, outside its taxes.
-- amount_minor is signed as the customer feels it: what they owe more is positive.
create table invoice_adjustments (
  id adjustment_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  invoice_id invoice_id not null,
  type text not null check (type in ('discount', 'surcharge', 'late_fee', 'deposit', 'credit', 'write_off', 'rounding')),
  amount_minor bigint not null check (amount_minor <> 0),
  tax_code_ids text[],
  reason text not null check (length(reason) between 1 and 500),
  adjusted_on date not null,
  closes boolean not null default false, -- a write_off of all that was owed: nothing more is expected
  created_by membership_id not null,
  created_at timestamptz not null default stint_now(),
  reversed_at timestamptz,
  reverse_reason text,
  unique (workspace_id, id),
  foreign key (workspace_id, invoice_id) references invoices (workspace_id, id) on delete cascade,
  foreign key (workspace_id, created_by) references memberships (workspace_id, id),
  constraint only_a_write_off_closes check (not closes or type = 'write_off'),
  constraint an_adjustment_is_reversed_with_a_reason check ((reversed_at is null) = (reverse_reason is null))
);
create index on invoice_adjustments (workspace_id, invoice_id);
call wall('invoice_adjustments');

create table invoice_payments (
  id payment_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  invoice_id invoice_id not null,
  kind text not null default 'payment' check (kind in ('payment', 'refund', 'credit_applied')),
  amount_minor bigint not null check (amount_minor > 0),
  -- Of it, what became credit of the client; of a refund, what was taken from that credit. The rest is in paid_minor of the invoice.
  credited_minor bigint not null default 0 check (credited_minor between 0 and amount_minor),
  currency currency_code not null,
  paid_on date not null,
  method text check (length(method) <= 60),
  reference text check (length(reference) <= 200),
  created_by membership_id not null,
  created_at timestamptz not null default stint_now(),
  reversed_at timestamptz,
  reverse_reason text,
  unique (workspace_id, id),
  foreign key (workspace_id, invoice_id) references invoices (workspace_id, id),
  foreign key (workspace_id, created_by) references memberships (workspace_id, id),
  constraint reversed_with_a_reason check ((reversed_at is null) = (reverse_reason is null))
);
create index on invoice_payments (workspace_id, invoice_id);
create index on invoice_payments (workspace_id, paid_on);
call wall('invoice_payments');

-- What we owe a client: a ledger of signed movements, only ever added to. The sum per client and currency is never negative.
create table client_credits (
  id credit_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  client_id client_id not null,
  currency currency_code not null,
  amount_minor bigint not null check (amount_minor <> 0),
  source text not null check (source in ('overpayment', 'credit_note', 'applied', 'refund', 'reversal')),
  invoice_id invoice_id,
  payment_id payment_id,
  created_at timestamptz not null default stint_now(),
  unique (workspace_id, id),
  foreign key (workspace_id, client_id) references clients (workspace_id, id),
  foreign key (workspace_id, invoice_id) references invoices (workspace_id, id),
  foreign key (workspace_id, payment_id) references invoice_payments (workspace_id, id)
);
create index on client_credits (workspace_id, client_id, currency, created_at);
call wall('client_credits', 'select, insert');

-- The balances of the ledger; the check is what a race of two who spend the same credit runs into.
create table client_credit_balances (
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  client_id client_id not null,
  currency currency_code not null,
  balance_minor bigint not null,
  primary key (workspace_id, client_id, currency),
  foreign key (workspace_id, client_id) references clients (workspace_id, id) on delete cascade,
  constraint credit_is_never_overspent check (balance_minor >= 0)
);
call wall('client_credit_balances', 'select, insert, update');
create function keep_credit_balance() returns trigger language plpgsql as $$
begin
  insert into client_credit_balances as b (client_id, currency, balance_minor) values (new.client_id, new.currency, 0)
    on conflict do nothing;
  update client_credit_balances set balance_minor = balance_minor + new.amount_minor
    where client_id = new.client_id and currency = new.currency;
  return null;
end $$;
create trigger keep_credit_balance after insert on client_credits for each row execute function keep_credit_balance();

-- The bytes of documents, by their hash.
create table files (
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  mime text not null,
  content bytea not null,
  created_at timestamptz not null default stint_now(),
  primary key (workspace_id, sha256)
);
-- A file that is kept again is as young as then, for housekeeping removes those that nothing points to after a day.
call wall('files', 'select, insert, update, delete');

create table invoice_artifacts (
  id artifact_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  invoice_id invoice_id not null,
  payment_id payment_id,
  kind text not null check (kind in ('pdf', 'html', 'ubl', 'cii', 'facturx', 'receipt', 'reminder')),
  file_version int not null,
  sha256 text not null,
  bytes int not null,
  mime text not null,
  file_name text not null,
  content_hash text not null,
  sent_at timestamptz,
  retention_until date,
  created_at timestamptz not null default stint_now(),
  unique (workspace_id, id),
  foreign key (workspace_id, invoice_id) references invoices (workspace_id, id) on delete cascade,
  foreign key (workspace_id, payment_id) references invoice_payments (workspace_id, id),
  foreign key (workspace_id, sha256) references files (workspace_id, sha256),
  constraint one_artifact_per_version unique nulls not distinct (workspace_id, invoice_id, payment_id, kind, file_version),
  constraint what_was_sent_is_retained check ((sent_at is null) = (retention_until is null))
);
create index on invoice_artifacts (workspace_id, sha256);
call wall('invoice_artifacts');

create table invoice_previews (
  id preview_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  invoice_id invoice_id not null,
  content_hash text not null,
  mail_hash text not null, -- of recipients, subject and text, as they were shown
  expires_at timestamptz not null,
  unique (workspace_id, id),
  foreign key (workspace_id, invoice_id) references invoices (workspace_id, id) on delete cascade
);
create index on invoice_previews (expires_at);
call wall('invoice_previews');

-- One row for every e-mail about an invoice. How far it got stands in the outbox, under the dispatch's id as key.
create table invoice_dispatches (
  id dispatch_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  invoice_id invoice_id not null,
  payment_id payment_id,
  kind text not null check (kind in ('invoice', 'reminder', 'receipt')),
  level int,
  recipients text[] not null check (cardinality(recipients) between 1 and 20),
  cc text[] not null default '{}',
  subject text not null,
  body text not null,
  artifact_ids text[] not null default '{}',
  resend_of dispatch_id,
  created_by membership_id,
  via_name text,
  created_at timestamptz not null default stint_now(),
  unique (workspace_id, id),
  foreign key (workspace_id, invoice_id) references invoices (workspace_id, id),
  foreign key (workspace_id, payment_id) references invoice_payments (workspace_id, id),
  foreign key (workspace_id, created_by) references memberships (workspace_id, id)
);
create index on invoice_dispatches (workspace_id, invoice_id, created_at);
create index on invoice_dispatches (workspace_id, created_at desc);
call wall('invoice_dispatches', 'select, insert');

-- handed_over_at is written just before a mail server is told that the mail is complete: up to then nothing was sent, and from then on
-- only the server's answer tells. gave_up_at ends the trying; problem is the kind of the last failure, last_error the server's words.
alter table outbox add column handed_over_at timestamptz;
alter table outbox add column gave_up_at timestamptz;
alter table outbox add column problem text;

-- Keys of the house itself (signed links). No feature reads them.
create table house_keys (
  name text primary key,
  key bytea not null check (length(key) = 32)
);
insert into house_keys (name, key) values
  ('file_links', sha256(convert_to(concat(gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid()), 'UTF8')));

-- What makes a link to a file good, for files of the workspace at hand only: the key is in no process, and every process can check.
create function file_link_mac(payload text) returns text language sql stable security definer set search_path = public
  begin atomic
    select encode(sha256(k.key || sha256(k.key || convert_to(stint_workspace() || '.' || payload, 'UTF8'))), 'hex')
    from house_keys k where k.name = 'file_links';
  end;
