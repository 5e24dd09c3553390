-- Timers are a handful among all the time of a person; without this the paused ones were looked for in all of it.
create index unstopped_time on time_entries (workspace_id, membership_id) where state <> 'stopped' and deleted_at is null;
create index on tasks (workspace_id, client_id);
