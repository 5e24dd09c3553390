-- The ground floor: who exists, which workspace they work in, and the wall between workspaces.
-- Why a role switch: an embedded database connects as superuser, whom row-level security does not bind. Every
-- transaction of a feature therefore takes the role stint_app first; without a workspace set it sees nothing.

do $$ begin
  create role stint_app nologin nosuperuser nocreatedb nocreaterole nobypassrls;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
  execute format('grant stint_app to %I', current_user);
exception when others then null; -- already granted by a neighbour database of this cluster, or a superuser
end $$;
grant usage on schema public to stint_app;

-- The instant of the call; the server's clock where no call set one (migrations, operator work).
create function stint_now() returns timestamptz language sql stable
  return coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now());

create function stint_workspace() returns text language sql stable
  return nullif(current_setting('app.workspace_id', true), '');

create function touch() returns trigger language plpgsql as $$
begin
  new.updated_at := stint_now();
  new.version := old.version + 1;
  return new;
end $$;

-- Puts a table behind the wall: policy by workspace_id, and the rights a feature needs.
create procedure wall(tenant regclass, rights text default 'select, insert, update, delete') language plpgsql as $$
begin
  execute format('alter table %s enable row level security', tenant);
  execute format('create policy one_workspace on %s using (workspace_id = (select stint_workspace()))
                  with check (workspace_id = (select stint_workspace()))', tenant);
  execute format('grant %s on %s to stint_app', rights, tenant);
end $$;

create domain user_id as text check (value ~ '^usr_[0-9a-hjkmnp-tv-z]{26}$');
create domain workspace_id as text check (value ~ '^wsp_[0-9a-hjkmnp-tv-z]{26}$');
create domain membership_id as text check (value ~ '^mem_[0-9a-hjkmnp-tv-z]{26}$');
create domain audit_id as text check (value ~ '^aud_[0-9a-hjkmnp-tv-z]{26}$');
create domain currency_code as char(3) check (value ~ '^[A-Z]{3}$');

create table users (
  id user_id primary key,
  email text not null check (email = lower(email) and length(email) <= 254),
  name text not null check (length(name) between 1 and 100),
  password_hash text not null,
  timezone text not null default 'UTC',
  locale text not null default 'en',
  week_start smallint check (week_start in (0, 1, 6)),
  duration_format text not null default 'h:mm' check (duration_format in ('h:mm', 'decimal', 'text')),
  disabled_at timestamptz,
  created_at timestamptz not null default stint_now(),
  updated_at timestamptz not null default stint_now(),
  version int not null default 1,
  constraint one_account_per_address unique (email)
);
create trigger touch before update on users for each row execute function touch();

create table workspaces (
  id workspace_id primary key,
  slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$'),
  name text not null check (length(name) between 1 and 100),
  currency currency_code not null default 'EUR',
  timezone text not null default 'UTC',
  week_start smallint not null default 1 check (week_start in (0, 1, 6)),
  locale text not null default 'en',
  status text not null default 'active' check (status in ('active', 'suspended', 'closed')),
  plan text not null default 'business' check (plan in ('free', 'solo_pro', 'team', 'business')),
  billing_state text not null default 'active'
    check (billing_state in ('active', 'trialing', 'past_due', 'read_only', 'canceled')),
  past_due_since timestamptz,
  mcp_enabled boolean not null default true,
  settings jsonb not null default '{}',
  lock_date date,
  created_at timestamptz not null default stint_now(),
  updated_at timestamptz not null default stint_now(),
  version int not null default 1,
  constraint past_due_has_a_beginning check ((billing_state = 'past_due') = (past_due_since is not null))
);
create trigger touch before update on workspaces for each row execute function touch();
alter table workspaces enable row level security;
create policy one_workspace on workspaces using (id = (select stint_workspace()));
grant select on workspaces to stint_app;

-- What the operator granted or took away, whatever the plan says.
create table workspace_entitlement_overrides (
  workspace_id workspace_id not null references workspaces on delete cascade,
  key text not null,
  value jsonb not null,
  primary key (workspace_id, key)
);
call wall('workspace_entitlement_overrides', 'select');

create table memberships (
  id membership_id primary key,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  user_id user_id references users,
  display_name text,
  role text not null check (role in ('owner', 'admin', 'manager', 'member', 'viewer')),
  status text not null default 'active' check (status in ('active', 'inactive', 'placeholder')),
  capacity_seconds_week int check (capacity_seconds_week between 0 and 604800),
  working_days smallint not null default 31 check (working_days between 0 and 127),
  created_at timestamptz not null default stint_now(),
  updated_at timestamptz not null default stint_now(),
  version int not null default 1,
  unique (workspace_id, id),
  constraint one_membership_per_person unique (workspace_id, user_id),
  constraint a_placeholder_is_nobody_yet check ((status = 'placeholder') = (user_id is null))
);
create unique index exactly_one_owner on memberships (workspace_id) where role = 'owner';
create index on memberships (user_id);
create trigger touch before update on memberships for each row execute function touch();
call wall('memberships');

-- A feature may read who somebody is, never how they sign in.
alter table users enable row level security;
create policy colleagues on users for select
  using (exists (select from memberships m where m.user_id = users.id and m.workspace_id = (select stint_workspace())));
grant select (id, email, name, timezone, locale, week_start, duration_format, disabled_at) on users to stint_app;

-- The audit log: one chain per workspace. Rows are only ever added, and only through append_audit.
create table audit_heads (
  workspace_id workspace_id primary key references workspaces on delete cascade,
  seq bigint not null,
  hash bytea not null
);
create table audit_logs (
  workspace_id workspace_id not null references workspaces on delete cascade,
  seq bigint not null,
  id audit_id not null unique,
  at timestamptz not null,
  actor_user_id user_id references users,
  actor_role text,
  via text not null check (via in ('session', 'grant', 'token', 'operator', 'job')),
  via_id text,
  via_name text,
  ip_prefix text,
  action text not null,
  entity_type text,
  entity_id text,
  before jsonb,
  after jsonb,
  request_id text,
  prev_hash bytea not null,
  hash bytea not null,
  primary key (workspace_id, seq)
);
create index on audit_logs (workspace_id, via_id, seq desc);
create index on audit_logs (workspace_id, entity_id, seq desc);
call wall('audit_logs', 'select');

-- What a row's hash covers: everything but the hash itself, as one canonical jsonb text.
create function audit_digest(entry audit_logs) returns bytea language sql immutable
  return sha256(entry.prev_hash || convert_to((jsonb_build_object(
    'workspace_id', entry.workspace_id, 'seq', entry.seq, 'id', entry.id, 'at', extract(epoch from entry.at),
    'actor_user_id', entry.actor_user_id, 'actor_role', entry.actor_role, 'via', entry.via, 'via_id', entry.via_id,
    'via_name', entry.via_name, 'ip_prefix', entry.ip_prefix, 'action', entry.action, 'entity_type', entry.entity_type,
    'entity_id', entry.entity_id, 'before', entry.before, 'after', entry.after, 'request_id', entry.request_id
  ))::text, 'UTF8'));

-- Adds one entry to the chain of a workspace; `entry` carries the columns by name. Called when everything
-- else of a transaction is done (only the answer of its idempotency key follows), so that the head is locked as shortly as can be.
create function append_audit(entry jsonb) returns void language plpgsql security definer set search_path = public as $$
declare
  row audit_logs := jsonb_populate_record(null::audit_logs, entry);
  head audit_heads;
begin
  if stint_workspace() is not null and row.workspace_id <> stint_workspace() then
    raise exception 'an audit entry belongs to the workspace of its transaction';
  end if;
  insert into audit_heads values (row.workspace_id, 0, '\x') on conflict do nothing;
  select * into head from audit_heads h where h.workspace_id = row.workspace_id for update;
  row.seq := head.seq + 1;
  row.at := coalesce(row.at, stint_now());
  row.prev_hash := head.hash;
  row.hash := audit_digest(row);
  insert into audit_logs select row.*;
  update audit_heads h set seq = row.seq, hash = row.hash where h.workspace_id = row.workspace_id;
end $$;
grant execute on function append_audit(jsonb) to stint_app;

-- Finds the first entry whose hash or link does not fit, or nothing.
create function first_broken_audit(of_workspace text) returns bigint language sql stable security definer
  set search_path = public
  begin atomic
    select min(l.seq) from (
      select a.seq,
        a.hash <> audit_digest(a) or a.prev_hash <> coalesce(lag(a.hash) over (order by a.seq), '\x')
          or a.seq <> row_number() over (order by a.seq) as broken
      from audit_logs a where a.workspace_id = of_workspace
    ) l where l.broken;
  end;

-- One answer per key: the same call again gives the same answer and has no second effect.
create table idempotency_keys (
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  user_id user_id not null references users,
  key text not null check (length(key) between 8 and 128),
  operation text not null,
  request_hash text not null,
  made_as text not null, -- role and credential of the call: an answer is shown again only to the same
  response jsonb,
  created_at timestamptz not null default stint_now(),
  primary key (workspace_id, user_id, key)
);
create index on idempotency_keys (created_at);
call wall('idempotency_keys');

-- What leaves the house: written with the change that causes it, carried out afterwards, once per key.
create table outbox (
  id bigint generated always as identity primary key,
  workspace_id workspace_id default stint_workspace() references workspaces on delete cascade,
  topic text not null,
  key text not null unique,
  payload jsonb not null,
  available_at timestamptz not null default stint_now(),
  attempts int not null default 0,
  last_error text,
  done_at timestamptz,
  created_at timestamptz not null default stint_now()
);
create index on outbox (available_at) where done_at is null;
call wall('outbox', 'select, insert');
