-- A hash that was freed is of no use. `made_at` was the start of the transaction that notes a canary, which whoever
-- has the server's password may have begun long before the account was made: so an account of their own passed
-- for one of a test, was removed, and its refresh token could be given to another session.
alter table control.isolation_canaries alter column made_at set default clock_timestamp();

-- Hashes of refresh tokens whose rows went with the account of a test.
create table control.freed_hashes (hash bytea primary key check (length(hash) = 32));
grant select on control.freed_hashes to casemate_server;

create function control.refuse_freed() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$ begin
  if exists (select from control.freed_hashes freed where freed.hash = new.hash) then
    raise exception 'this refresh token was somebody''s before' using errcode = '42501';
  end if;
  return new;
end $$;
revoke execute on function control.refuse_freed() from public;
create trigger refuse_freed before insert on control.refresh_tokens
  for each row execute function control.refuse_freed();

create or replace function control.remove_canary_account(canary uuid)
returns void language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (
    select from control.accounts account
    join control.isolation_canaries noted on noted.id = account.id and noted.kind = 'account'
    where account.id = canary and account.email = 'canary+' || canary || '@casemate.invalid'
      -- Neither time is the server's to change; an account that it inserts with a false one has no seal.
      and account.created_at >= noted.made_at
  ) then
    raise exception 'this account was not made by an isolation test' using errcode = '42501';
  end if;
  update control.sessions set ended_at = coalesce(ended_at, now()) where account_id = canary;
  update control.accounts set state = 'deactivated', platform_role = null where id = canary;
  begin
    insert into control.freed_hashes (hash)
    select token.hash from control.refresh_tokens token
    join control.sessions session on session.id = token.session_id
    where session.account_id = canary
    on conflict do nothing;
    delete from control.refresh_tokens token using control.sessions session
    where token.session_id = session.id and session.account_id = canary;
    delete from control.sessions where account_id = canary;
    delete from control.memberships where account_id = canary;
    delete from control.accounts where id = canary;
  exception when foreign_key_violation then
    -- Something of a later release still names it: it stays, and can do nothing.
    null;
  end;
end $$;
revoke execute on function control.remove_canary_account(uuid) from public;
grant execute on function control.remove_canary_account(uuid) to casemate_server;

-- A tenant that goes is gone when the provisioner says so, and never comes back: rows that are kept for as long
-- as it is there would else be the server's to delete, by calling it gone for a moment.
create function control.keep_going() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$ begin
  if pg_has_role(session_user, 'casemate_provisioner', 'member') then return new; end if;
  if new.state is distinct from old.state
     and (old.state in ('dropping', 'dropped') or new.state = 'dropped') then
    raise exception 'a tenant that goes is the provisioner''s' using errcode = '42501';
  end if;
  return new;
end $$;
revoke execute on function control.keep_going() from public;
create trigger keep_going before update of state on control.tenants
  for each row execute function control.keep_going();
