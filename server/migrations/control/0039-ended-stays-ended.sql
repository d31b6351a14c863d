-- What has ended stays so. No seal says that a session or a link is over, and the server may write the columns
-- that do: with its password alone somebody could begin an old one again. The server never does.

-- Arguments: columns that keep what they once hold, and after `counts` those that never fall.
create function control.keep_ended() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  before jsonb := to_jsonb(old);
  after jsonb := to_jsonb(new);
  counts boolean := false;
  changed text;
begin
  foreach changed in array tg_argv loop
    if changed = 'counts' then
      counts := true;
    elsif before ->> changed is null then
      continue;
    elsif counts and (after ->> changed)::bigint >= (before ->> changed)::bigint then
      continue;
    elsif not counts and after -> changed = before -> changed then
      continue;
    else
      raise exception 'what has ended stays ended: %.%', tg_table_name, changed using errcode = '42501';
    end if;
  end loop;
  return new;
end $$;

-- A row that is deleted and inserted again would begin anew: it goes when its time is over, or with its account.
create function control.keep_unspent() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$ begin
  if old.expires_at > now() and pg_trigger_depth() = 1 then
    raise exception 'a row of % is removed when its time is over', tg_table_name using errcode = '42501';
  end if;
  return old;
end $$;
revoke execute on function control.keep_ended(), control.keep_unspent() from public;

create trigger keep_ended before update on control.sessions
  for each row execute function control.keep_ended('ended_at');
create trigger keep_ended before update on control.refresh_tokens
  for each row execute function control.keep_ended('used_at', 'revoked_at');
create trigger keep_ended before update on control.setup_links
  for each row execute function control.keep_ended('used_at');
create trigger keep_ended before update on control.account_links
  for each row execute function control.keep_ended('used_at');
create trigger keep_ended before update on control.factor_reset_links
  for each row execute function control.keep_ended('used_at');
create trigger keep_ended before update on control.invitations
  for each row execute function control.keep_ended('accepted_at', 'withdrawn_at');
create trigger keep_ended before update on control.factor_challenges
  for each row execute function control.keep_ended('ended_at', 'counts', 'wrong');
create trigger keep_ended before update on control.sms_codes
  for each row execute function control.keep_ended('ended_at', 'counts', 'wrong');
create trigger keep_ended before update on control.account_factors
  for each row execute function control.keep_ended('counts', 'last_step', 'sign_count');

create trigger keep_unspent before delete on control.account_links
  for each row execute function control.keep_unspent();
create trigger keep_unspent before delete on control.factor_challenges
  for each row execute function control.keep_unspent();
revoke delete on control.factor_reset_links from casemate_server;
