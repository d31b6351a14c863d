-- In a rolling upgrade programs of the version without seals (0022) write beside the new ones. What they
-- write is taken as well, for a time that is set once with the first taking and can't be moved: the
-- database says when that was, and allows an hour at most.

alter table control.sealed_rights add column adopting_until timestamptz;
grant update (adopting_until) on control.sealed_rights to casemate_server;

create or replace function control.keep_adopted() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$ begin
  if old.adopted_at is not null then
    raise exception 'the rows of before were taken already' using errcode = '42501';
  end if;
  -- Not the writer's word: a time to come would keep the door open.
  new.adopted_at := now();
  if new.adopting_until > now() + interval '1 hour' then
    raise exception 'rows of before are taken for an hour at most' using errcode = '42501';
  end if;
  return new;
end $$;
