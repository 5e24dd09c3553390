-- What reports stand on. Sums by day are answered from an index alone, costs included; and the few entries that lie over midnight are
-- found by an index of their own, so that dividing them does not read all the others.

drop index time_entries_by_day;
create index time_entries_by_day on time_entries (workspace_id, local_date, id)
  include (membership_id, project_id, client_id, task_id, duration_seconds, billable, rate_minor, currency, cost_rate_minor, deleted_at);

-- By their last day; a timer has none yet.
create index entries_over_midnight on time_entries
  (workspace_id, (coalesce((ended_at at time zone timezone)::date, 'infinity'::date)))
  where mode = 'interval' and (ended_at is null or (ended_at at time zone timezone)::date > local_date);

-- The first instant of a day in a zone. Where the clocks are set back over midnight (the Azores, Havana), midnight comes twice, and
-- PostgreSQL reads the second one; where they are set forward over it (Cairo, Beirut), the day begins when they are.
create function first_instant(day date, zone text) returns timestamptz language sql stable
  return case
    when ((day::timestamp at time zone zone) - interval '1 hour') at time zone zone = day::timestamp
      then (day::timestamp at time zone zone) - interval '1 hour'
    else day::timestamp at time zone zone
  end;
