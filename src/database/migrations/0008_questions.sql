-- What users were asked before something was done, so that their answer counts once, and for nothing else.

create table questions (
  workspace_id workspace_id not null default stint_workspace() references workspaces on delete cascade,
  state_hash bytea not null check (length(state_hash) = 32), -- of the state that went to the client
  user_id user_id not null references users,
  asked_as text not null, -- role and credential of the call: the answer counts for the same only
  operation text not null,
  digest text not null, -- of the arguments and of the sentence that the user read
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (workspace_id, state_hash)
);
create index on questions (expires_at);
call wall('questions');
