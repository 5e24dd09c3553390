-- The first instant of a day in a zone, also where the clocks were set back over midnight by anything but an hour (Magadan and Chita in
-- 2014, Casey, Colombo): the first of two midnights is the one by the offset of the day before.
create or replace function first_instant(day date, zone text) returns timestamptz language sql stable
  return (
    select case when m.early at time zone zone = day::timestamp then least(m.early, m.late) else m.late end
    from (
      select l.late, (day::timestamp - ((l.before at time zone zone) - (l.before at time zone 'UTC'))) at time zone 'UTC' as early
      from (
        select day::timestamp at time zone zone as late, (day::timestamp at time zone zone) - interval '12 hours' as before
      ) l
    ) m
  );
