-- What claims an entry is marked on it once for each statement, not for each row: drafting a thousand entries ran a thousand updates.
drop trigger mirror_claim on invoice_line_entries;
drop function mirror_claim();

create function claims_added() returns trigger language plpgsql as $$
begin
  update time_entries e set invoice_id = a.invoice_id from added a
    where a.active and e.workspace_id = a.workspace_id and e.id = a.entry_id;
  return null;
end $$;
create function claims_removed() returns trigger language plpgsql as $$
begin
  update time_entries e set invoice_id = null from removed r
    where r.active and e.workspace_id = r.workspace_id and e.id = r.entry_id and e.invoice_id = r.invoice_id;
  return null;
end $$;
create function claims_changed() returns trigger language plpgsql as $$
begin
  update time_entries e set invoice_id = null
    from before b join after a using (workspace_id, invoice_line_id, entry_id)
    where b.active and not a.active and e.workspace_id = b.workspace_id and e.id = b.entry_id and e.invoice_id = b.invoice_id;
  update time_entries e set invoice_id = a.invoice_id
    from before b join after a using (workspace_id, invoice_line_id, entry_id)
    where a.active and not b.active and e.workspace_id = a.workspace_id and e.id = a.entry_id;
  return null;
end $$;

create trigger claims_added after insert on invoice_line_entries
  referencing new table as added for each statement execute function claims_added();
create trigger claims_removed after delete on invoice_line_entries
  referencing old table as removed for each statement execute function claims_removed();
create trigger claims_changed after update on invoice_line_entries
  referencing old table as before new table as after for each statement execute function claims_changed();
