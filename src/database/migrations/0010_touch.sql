-- A change that changes nothing is none: it neither makes the record newer nor spoils the version that others have read.
-- What belongs to a record and stands in other tables (tags, contacts, members) counts by setting version = version + 1 with it.

create function touch_changed() returns trigger language plpgsql as $$
begin
  if new is distinct from old then
    new.updated_at := stint_now();
    new.version := old.version + 1;
  end if;
  return new;
end $$;

drop trigger touch on clients;
drop trigger touch on projects;
drop trigger touch on rules;
drop trigger touch on tags;
drop trigger touch on tasks;
drop trigger touch on time_entries;
create trigger touch before update on clients for each row execute function touch_changed();
create trigger touch before update on projects for each row execute function touch_changed();
create trigger touch before update on rules for each row execute function touch_changed();
create trigger touch before update on tags for each row execute function touch_changed();
create trigger touch before update on tasks for each row execute function touch_changed();
create trigger touch before update on time_entries for each row execute function touch_changed();
