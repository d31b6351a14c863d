-- What the model server was asked last stays in its memory until its process ends. Since when that is
-- so of a tenant that was sealed, or deleted while it held its own seal; null once it is forgotten.

alter table control.tenants add column prompts_left_since timestamptz;
create index tenants_prompts_left on control.tenants (prompts_left_since)
  where prompts_left_since is not null;
grant update (prompts_left_since) on control.tenants to casemate_server;

-- In the database, so that no way of sealing a tenant leaves it out.
create function control.note_prompts_left() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$ begin
  if new.tier <> 'sealed' then return new; end if;
  if new.state = 'dropping' then
    if old.sealed_at is null and old.state <> 'dropping' then
      new.prompts_left_since := clock_timestamp();
    end if;
  elsif new.sealed_at is null then
    new.prompts_left_since := null;
  elsif old.sealed_at is null then
    new.prompts_left_since := clock_timestamp();
  end if;
  return new;
end $$;
revoke execute on function control.note_prompts_left() from public;
create trigger note_prompts_left before update of state, sealed_at on control.tenants
  for each row execute function control.note_prompts_left();

-- Those that are sealed now may have been asked something since the model server started.
update control.tenants set prompts_left_since = sealed_at
where sealed_at is not null and seal_reason <> 'new' and state in ('sealed', 'suspended');
