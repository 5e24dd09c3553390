-- Clients, projects, tags, tasks and the rates that apply to them.
-- Links between tenant rows are composite (workspace_id, id): a link across workspaces cannot be written at all.

create domain client_id as text check (value ~ '^cli_[0-9a-hjkmnp-tv-z]{26}$');
create domain contact_id as text check (value ~ '^ctc_[0-9a-hjkmnp-tv-z]{26}$');
create domain project_id as text check (value ~ '^prj_[0-9a-hjkmnp-tv-z]{26}$');
create domain tag_id as text check (value ~ '^tag_[0-9a-hjkmnp-tv-z]{26}$');
create domain task_id as text check (value ~ '^tsk_[0-9a-hjkmnp-tv-z]{26}$');
create domain note_id as text check (value ~ '^not_[0-9a-hjkmnp-tv-z]{26}$');
create domain rate_id as text check (value ~ '^rat_[0-9a-hjkmnp-tv-z]{26}$');
create domain budget_id as text check (value ~ '^bud_[0-9a-hjkmnp-tv-z]{26}$');

create table clients (
  id client_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  name text not null check (length(name) between 1 and 200),
  currency currency_code not null,
  email text,
  tax_id text,
  country char(2) check (country ~ '^[A-Z]{2}$'),
  address jsonb,
  language text,
  payment_terms_days int check (payment_terms_days between 0 and 365),
  buyer_reference text,
  rounding jsonb,
  archived_at timestamptz,
  created_at timestamptz not null default stint_now(),
  updated_at timestamptz not null default stint_now(),
  version int not null default 1,
  deleted_at timestamptz,
  unique (workspace_id, id)
);
create index on clients (workspace_id, name);
create trigger touch before update on clients for each row execute function touch();
call wall('clients');

create table client_contacts (
  id contact_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  client_id client_id not null,
  position int not null,
  name text not null check (length(name) between 1 and 200),
  email text,
  role text,
  foreign key (workspace_id, client_id) references clients (workspace_id, id) on delete cascade
);
create index on client_contacts (workspace_id, client_id);
call wall('client_contacts');

create table projects (
  id project_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  client_id client_id,
  name text not null check (length(name) between 1 and 200),
  code text check (length(code) between 1 and 40),
  color smallint not null default 0 check (color between 0 and 16),
  status text not null default 'active' check (status in ('active', 'archived')),
  billing text not null default 'hourly' check (billing in ('hourly', 'fixed', 'non_billable')),
  fixed_fee_minor bigint check (fixed_fee_minor >= 0),
  currency currency_code not null,
  billable_default boolean not null default true,
  private boolean not null default false,
  rounding jsonb,
  created_at timestamptz not null default stint_now(),
  updated_at timestamptz not null default stint_now(),
  version int not null default 1,
  deleted_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, client_id) references clients (workspace_id, id),
  constraint a_fixed_fee_belongs_to_fixed_billing check ((billing = 'fixed') = (fixed_fee_minor is not null))
);
create index on projects (workspace_id, client_id);
create trigger touch before update on projects for each row execute function touch();
call wall('projects');

create table project_members (
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  project_id project_id not null,
  membership_id membership_id not null,
  is_manager boolean not null default false,
  primary key (workspace_id, project_id, membership_id),
  foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade,
  foreign key (workspace_id, membership_id) references memberships (workspace_id, id) on delete cascade
);
call wall('project_members');

create table budgets (
  id budget_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  project_id project_id not null,
  kind text not null check (kind in ('seconds', 'money')),
  amount bigint not null check (amount > 0),
  period text not null default 'total' check (period in ('total', 'month')),
  hard_stop boolean not null default false,
  alert_percents int[] not null default '{50,80,100}',
  foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade,
  constraint one_budget_per_project unique (workspace_id, project_id)
);
call wall('budgets');

create table tags (
  id tag_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  name text not null check (length(name) between 1 and 60),
  color smallint not null default 0 check (color between 0 and 16),
  archived_at timestamptz,
  created_at timestamptz not null default stint_now(),
  updated_at timestamptz not null default stint_now(),
  version int not null default 1,
  unique (workspace_id, id)
);
create unique index one_tag_per_name on tags (workspace_id, lower(name));
create trigger touch before update on tags for each row execute function touch();
call wall('tags');

create table tasks (
  id task_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  project_id project_id,
  client_id client_id,
  summary text not null check (length(summary) between 1 and 500),
  status text not null default 'open' check (status in ('open', 'done')),
  position text collate "C" not null,
  estimate_seconds int check (estimate_seconds >= 0),
  assignee_id membership_id,
  created_by membership_id not null,
  created_at timestamptz not null default stint_now(),
  updated_at timestamptz not null default stint_now(),
  version int not null default 1,
  deleted_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, project_id) references projects (workspace_id, id),
  foreign key (workspace_id, client_id) references clients (workspace_id, id),
  foreign key (workspace_id, assignee_id) references memberships (workspace_id, id),
  foreign key (workspace_id, created_by) references memberships (workspace_id, id)
);
create unique index one_task_per_position on tasks (workspace_id, position);
create index on tasks (workspace_id, project_id);
create trigger touch before update on tasks for each row execute function touch();
call wall('tasks');

create table task_notes (
  id note_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  task_id task_id not null,
  author_id membership_id not null,
  body text not null check (length(body) between 1 and 10000),
  at timestamptz not null default stint_now(),
  foreign key (workspace_id, task_id) references tasks (workspace_id, id) on delete cascade,
  foreign key (workspace_id, author_id) references memberships (workspace_id, id)
);
create index on task_notes (workspace_id, task_id, at);
create index on task_notes (workspace_id, at);
call wall('task_notes');

create table task_tags (
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  task_id task_id not null,
  tag_id tag_id not null,
  primary key (workspace_id, task_id, tag_id),
  foreign key (workspace_id, task_id) references tasks (workspace_id, id) on delete cascade,
  foreign key (workspace_id, tag_id) references tags (workspace_id, id) on delete cascade
);
create index on task_tags (workspace_id, tag_id);
call wall('task_tags');

-- Effective-dated: a row holds from valid_from until the next row of the same target; a null rate ends it.
-- level says what target_id names: workspace (wsp_), member (mem_), client, project, project_member (project + membership), task.
create table rates (
  id rate_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  level text not null check (level in ('workspace', 'member', 'client', 'project', 'project_member', 'task')),
  target_id text not null,
  membership_id membership_id,
  kind text not null default 'bill' check (kind in ('bill', 'cost')),
  currency currency_code not null,
  rate_minor bigint check (rate_minor >= 0),
  valid_from date not null default '-infinity',
  created_at timestamptz not null default stint_now(),
  constraint one_rate_at_a_time unique nulls not distinct (workspace_id, level, target_id, membership_id, kind, currency, valid_from),
  constraint a_project_member_rate_names_the_member check ((level = 'project_member') = (membership_id is not null))
);
call wall('rates');
