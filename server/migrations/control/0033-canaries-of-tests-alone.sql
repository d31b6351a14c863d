-- An account that was there before a test noted it was not made by that test. Whoever has the server's
-- password could note an account of their own, have it removed here, and so free the hash of a refresh
-- token that they know for a session of somebody else.
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
