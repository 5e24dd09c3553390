-- What reports stand on. Sums by day are answered from an index alone, costs included; and the few entries that lie over midnight are
-- found by a mark of their own, so that dividing them does not read all the others.

drop index time_entries_by_day;
create index time_entries_by_day on time_entries (workspace_id, local_date, id)
  include (membership_id, project_id, client_id, task_id, duration_seconds, billable, rate_minor, currency, cost_rate_minor, deleted_at);

-- The same for what waits to be billed, by client.
drop index unbilled_time;
create index unbilled_time on time_entries (workspace_id, client_id, local_date, id)
  include (membership_id, project_id, task_id, duration_seconds, billable, rate_minor, currency, cost_rate_minor)
  where billable and state = 'stopped' and deleted_at is null and invoice_id is null;

-- Whether an entry may lie over midnight: it ends on another day than it began, or has no end yet. A column of its own, for the comparison
-- takes the time zone: row-level security keeps such conditions out of indexes, and the planner cannot tell how few they are.
alter table time_entries add column over_midnight boolean not null default false;
alter table time_entries disable trigger user;
update time_entries set over_midnight = true
  where mode = 'interval' and (ended_at is null or (ended_at at time zone timezone)::date > local_date);
alter table time_entries enable trigger user;
create function mark_over_midnight() returns trigger language plpgsql as $$
begin
  new.over_midnight := new.mode = 'interval'
    and (new.ended_at is null or (new.ended_at at time zone new.timezone)::date > new.local_date);
  return new;
end $$;
create trigger mark_over_midnight before insert or update of mode, ended_at, timezone, local_date on time_entries
  for each row execute function mark_over_midnight();
create index entries_over_midnight on time_entries (workspace_id, ended_at) where over_midnight;

-- The first instant of a day in a zone. Where the clocks are set back over midnight (the Azores, Havana), midnight comes twice, and
-- PostgreSQL reads the second one; where they are set forward over it (Cairo, Beirut), the day begins when they are.
create function first_instant(day date, zone text) returns timestamptz language sql stable
  return case
    when ((day::timestamp at time zone zone) - interval '1 hour') at time zone zone = day::timestamp
      then (day::timestamp at time zone zone) - interval '1 hour'
    else day::timestamp at time zone zone
  end;
