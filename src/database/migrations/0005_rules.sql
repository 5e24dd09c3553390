-- Rules: what the workspace wants done to time by itself, and what each of them did.
-- Why settled: a rule may not overwrite what a person decided by hand, so every entry says which of its fields those are
-- (project, task, billable, rate, tag:<id>), and which notes a rule already gave it (note:<id>).

create domain rule_id as text check (value ~ '^rul_[0-9a-hjkmnp-tv-z]{26}$');

create table rules (
  id rule_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  name text not null check (length(name) between 1 and 100),
  position text collate "C" not null,
  enabled boolean not null default true,
  always_enforce boolean not null default false,
  conditions jsonb not null,
  actions jsonb not null,
  scope jsonb not null default '{}',
  created_by membership_id not null,
  created_at timestamptz not null default stint_now(),
  updated_at timestamptz not null default stint_now(),
  version int not null default 1,
  deleted_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, created_by) references memberships (workspace_id, id)
);
create unique index one_rule_per_position on rules (workspace_id, position) where deleted_at is null;
create trigger touch before update on rules for each row execute function touch();
call wall('rules');

-- Why did this fire: one row for every rule that changed an entry, each time it did. A rule that is deleted stays for its firings.
create table rule_firings (
  seq bigint generated always as identity primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  rule_id rule_id not null,
  entry_id entry_id not null,
  at timestamptz not null default stint_now(),
  changes jsonb not null,
  foreign key (workspace_id, rule_id) references rules (workspace_id, id) on delete cascade,
  foreign key (workspace_id, entry_id) references time_entries (workspace_id, id) on delete cascade
);
create index on rule_firings (workspace_id, rule_id, seq desc);
create index on rule_firings (workspace_id, entry_id, seq desc);
call wall('rule_firings', 'select, insert');

alter table time_entries add column settled text[] not null default '{}';
