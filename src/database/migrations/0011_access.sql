-- Who may act is kept by every process for a moment (src/identity/credential-cache.ts). Whatever it rests on tells all of them when it
-- changes. A session that listens hears of its own commit before the commit is answered, so in one process nothing old is used.
create function tell_access_changed() returns trigger language plpgsql as $$
begin
  notify access_changed;
  return null;
end $$;

create trigger tell_access_changed after update or delete on oauth_access_tokens
  for each row execute function tell_access_changed();
create trigger tell_access_changed after update of workspace_id, user_id, client_name, resource, scopes, coarse, revoked_at or delete
  on oauth_grants for each row execute function tell_access_changed();
create trigger tell_access_changed after update of hash, workspace_id, user_id, name, resource, scopes, expires_at, revoked_at or delete
  on api_tokens for each row execute function tell_access_changed();
create trigger tell_access_changed after update or delete on users for each row execute function tell_access_changed();
create trigger tell_access_changed after update or delete on workspaces for each row execute function tell_access_changed();
create trigger tell_access_changed after update or delete on memberships for each row execute function tell_access_changed();
create trigger tell_access_changed after insert or update or delete on workspace_entitlement_overrides
  for each row execute function tell_access_changed();
