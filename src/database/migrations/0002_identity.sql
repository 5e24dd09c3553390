-- Sessions, OAuth clients, grants and tokens, API tokens. Read by the identity floor alone, which decides the workspace;
-- features see only the connections and API tokens of their own workspace, and of those never a hash.

create domain oauth_client_id as text check (length(value) between 1 and 2000);
create domain grant_id as text check (value ~ '^con_[0-9a-hjkmnp-tv-z]{26}$');
create domain api_token_id as text check (value ~ '^tok_[0-9a-hjkmnp-tv-z]{26}$');
create domain secret_hash as bytea check (length(value) = 32);

create table sessions (
  hash secret_hash primary key,
  user_id user_id not null references users on delete cascade,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  ip_prefix text,
  user_agent text
);
create index on sessions (user_id);

create table oauth_clients (
  id oauth_client_id primary key,
  kind text not null check (kind in ('dcr', 'cimd', 'static')),
  name text not null,
  redirect_uris text[] not null,
  auth_method text not null default 'none'
    check (auth_method in ('none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt')),
  secret_hash secret_hash,
  metadata jsonb not null,
  fetched_at timestamptz,
  fresh_until timestamptz,
  created_at timestamptz not null,
  last_used_at timestamptz
);

-- An authorization request on its way through sign-in and consent; single use.
create table oauth_transactions (
  hash secret_hash primary key,
  session_hash secret_hash,
  params jsonb not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- A connected app: one person, one workspace, one client, one resource, these scopes.
create table oauth_grants (
  id grant_id primary key,
  workspace_id workspace_id not null references workspaces on delete cascade,
  user_id user_id not null references users on delete cascade,
  client_id oauth_client_id not null references oauth_clients,
  client_name text not null,
  redirect_host text not null,
  resource text not null check (resource in ('mcp', 'api')),
  requested text[] not null default '{}', -- the scope names of the authorization request, as the client wrote them
  scopes text[] not null,
  coarse text check (coarse in ('stint:read', 'stint:write', 'stint:admin')),
  chain_key bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  last_ip_prefix text,
  last_user_agent text,
  revoked_at timestamptz,
  revoked_reason text,
  version int not null default 1,
  constraint an_ended_connection_says_why check ((revoked_at is null) = (revoked_reason is null))
);
create index on oauth_grants (user_id);
create index on oauth_grants (workspace_id);
create index on oauth_grants (client_id);
alter table oauth_grants enable row level security;
create policy one_workspace on oauth_grants using (workspace_id = (select stint_workspace()));
grant select (id, workspace_id, user_id, client_id, client_name, redirect_host, resource, scopes, coarse, created_at,
  expires_at, last_used_at, last_ip_prefix, last_user_agent, revoked_at, revoked_reason, version) on oauth_grants to stint_app;
grant update (scopes, coarse, revoked_at, revoked_reason, version) on oauth_grants to stint_app;
grant select (id, kind, name, created_at) on oauth_clients to stint_app;

create table oauth_codes (
  hash secret_hash primary key,
  grant_id grant_id not null references oauth_grants on delete cascade,
  client_id oauth_client_id not null,
  redirect_uri text not null,
  redirect_uri_given boolean not null default true,
  challenge text not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index on oauth_codes (grant_id);

-- `scopes` null means all that the grant has: rights live on the grant, so a change there counts at once.
create table oauth_access_tokens (
  hash secret_hash primary key,
  grant_id grant_id not null references oauth_grants on delete cascade,
  scopes text[],
  expires_at timestamptz not null
);
create index on oauth_access_tokens (grant_id);
create index on oauth_access_tokens (expires_at);

-- `scopes` is what the client was told with this token: the same list sent back means "as before", not "no more than".
create table oauth_refresh_tokens (
  hash secret_hash primary key,
  grant_id grant_id not null references oauth_grants on delete cascade,
  gen int not null,
  scopes text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index on oauth_refresh_tokens (grant_id);

-- Client assertions (private_key_jwt) already seen, until they expire: each is good once.
create table oauth_assertions (
  hash secret_hash primary key,
  expires_at timestamptz not null
);

create table api_tokens (
  id api_token_id primary key,
  hash secret_hash not null unique,
  last4 text not null,
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  user_id user_id not null references users on delete cascade,
  name text not null check (length(name) between 1 and 100),
  resource text not null check (resource in ('mcp', 'api')),
  scopes text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index on api_tokens (user_id);
alter table api_tokens enable row level security;
create policy one_workspace on api_tokens using (workspace_id = (select stint_workspace()))
  with check (workspace_id = (select stint_workspace()));
grant select (id, last4, workspace_id, user_id, name, resource, scopes, created_at, expires_at, last_used_at, revoked_at),
  insert, update (revoked_at) on api_tokens to stint_app;
