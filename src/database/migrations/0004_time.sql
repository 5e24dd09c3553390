-- Time entries and the stretches of work inside them.
-- Why segments: a paused timer is one entry with holes; seconds are always the sum of its segments, from instants. Instants are
-- whole seconds, so that sums are exact. duration_seconds is the sum of the closed segments: of a running timer the open one is
-- added when it is read.

create domain entry_id as text check (value ~ '^ten_[0-9a-hjkmnp-tv-z]{26}$');
create domain segment_id as text check (value ~ '^seg_[0-9a-hjkmnp-tv-z]{26}$');

create table time_entries (
  id entry_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  membership_id membership_id not null,
  task_id task_id,
  project_id project_id,
  client_id client_id,
  description text not null default '' check (length(description) <= 2000),
  mode text not null check (mode in ('interval', 'duration')),
  state text not null check (state in ('running', 'paused', 'stopped')),
  started_at timestamptz,
  ended_at timestamptz,
  timezone text not null,
  local_date date not null,
  duration_seconds int not null default 0 check (duration_seconds >= 0),
  billable boolean not null,
  rate_minor bigint check (rate_minor >= 0),
  currency currency_code,
  rate_source text not null default 'none'
    check (rate_source in ('none', 'entry', 'task', 'project_member', 'project', 'client', 'member', 'workspace', 'rule')),
  cost_rate_minor bigint check (cost_rate_minor >= 0),
  source text not null check (source in ('web', 'mcp', 'api', 'import', 'rule', 'cli')),
  client_app_id text,
  approved_at timestamptz,
  created_at timestamptz not null default stint_now(),
  updated_at timestamptz not null default stint_now(),
  version int not null default 1,
  deleted_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, membership_id) references memberships (workspace_id, id),
  foreign key (workspace_id, task_id) references tasks (workspace_id, id),
  foreign key (workspace_id, project_id) references projects (workspace_id, id),
  foreign key (workspace_id, client_id) references clients (workspace_id, id),
  constraint a_duration_has_no_clock_times check ((mode = 'duration') = (started_at is null)),
  constraint a_duration_is_not_running check (mode = 'interval' or (state = 'stopped' and ended_at is null)),
  constraint stopped_exactly_when_ended check (mode = 'duration' or (state = 'stopped') = (ended_at is not null)),
  constraint ends_after_it_starts check (ended_at >= started_at),
  constraint starts_and_ends_on_the_second
    check (mod(extract(epoch from started_at), 1) = 0 and mod(extract(epoch from ended_at), 1) = 0),
  constraint a_rate_has_a_currency check ((rate_minor is null) or (currency is not null))
);
create unique index one_running_timer on time_entries (workspace_id, membership_id)
  where state = 'running' and deleted_at is null;
create index on time_entries (workspace_id, membership_id, started_at);
create index on time_entries (workspace_id, membership_id, ended_at);
create index on time_entries (workspace_id, task_id);
create index on time_entries (workspace_id, project_id);
create index on time_entries (workspace_id, client_id);
create index on time_entries (workspace_id, updated_at);
create index time_entries_by_day on time_entries (workspace_id, local_date, id)
  include (membership_id, project_id, client_id, task_id, duration_seconds, billable, rate_minor, currency, deleted_at);
create trigger touch before update on time_entries for each row execute function touch();
call wall('time_entries');

-- A range of one id, because GiST compares ranges without an extension, and plain text only with one.
create type text_range as range (subtype = text, collation = "C");

create table time_segments (
  id segment_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  entry_id entry_id not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  foreign key (workspace_id, entry_id) references time_entries (workspace_id, id) on delete cascade,
  constraint a_segment_ends_after_it_starts check (ended_at >= started_at),
  constraint a_segment_lies_on_the_second
    check (mod(extract(epoch from started_at), 1) = 0 and mod(extract(epoch from ended_at), 1) = 0),
  constraint segments_of_an_entry_never_overlap
    exclude using gist (text_range(entry_id, entry_id, '[]') with &&, tstzrange(started_at, ended_at) with &&)
);
create index on time_segments (workspace_id, entry_id, started_at);
create unique index one_open_segment on time_segments (entry_id) where ended_at is null;
call wall('time_segments');

create table time_entry_tags (
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  entry_id entry_id not null,
  tag_id tag_id not null,
  primary key (workspace_id, entry_id, tag_id),
  foreign key (workspace_id, entry_id) references time_entries (workspace_id, id) on delete cascade,
  foreign key (workspace_id, tag_id) references tags (workspace_id, id) on delete cascade
);
create index on time_entry_tags (workspace_id, tag_id);
call wall('time_entry_tags');
