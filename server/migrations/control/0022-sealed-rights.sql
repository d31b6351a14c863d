-- Who may sign in with what, and who may do what where, count only as this server wrote them: each row
-- carries an HMAC under a key that the database does not know (decision 39). Null counts as broken.

alter table control.accounts add column seal bytea check (length(seal) = 32);
alter table control.memberships add column seal bytea check (length(seal) = 32);
grant update (seal) on control.accounts, control.memberships to casemate_server;

-- The rows of before are taken as they are once, by the first server of this version. Nothing undoes
-- that it was done: who adds rows later can't have them taken.
create table control.sealed_rights (
  singleton boolean primary key default true check (singleton),
  adopted_at timestamptz
);
insert into control.sealed_rights default values;
grant select, update (adopted_at) on control.sealed_rights to casemate_server;

create function control.keep_adopted() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$ begin
  if old.adopted_at is not null then
    raise exception 'the rows of before were taken already' using errcode = '42501';
  end if;
  return new;
end $$;
revoke execute on function control.keep_adopted() from public;
create trigger keep_adopted before update on control.sealed_rights
  for each row execute function control.keep_adopted();
