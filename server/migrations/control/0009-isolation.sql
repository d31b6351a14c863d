-- The isolation test of the live appliance: its runs, their reports, and what each run made, written
-- down before it is made so that it can be removed whatever happens to the run.

create table control.isolation_runs (
  id uuid primary key,
  version text not null,
  origin text not null check (origin in ('command', 'dashboard', 'test')),
  state text not null default 'running' check (state in ('running', 'done', 'failed', 'abandoned')),
  -- Which kind of attempts is under way, and how many were made.
  step text not null default 'starting',
  attempts integer not null default 0,
  started_at timestamptz not null default now(),
  started_by uuid,
  -- Renewed while the run lives; a run that stopped renewing it has lost its process.
  beat_at timestamptz not null default now(),
  finished_at timestamptz,
  ok boolean,
  error text,
  -- With its signature.
  report jsonb,
  check (state <> 'done' or (ok is not null and report is not null))
);
-- One at a time: two runs would count each other's changes.
create unique index isolation_runs_one on control.isolation_runs (state) where state = 'running';
create index isolation_runs_latest on control.isolation_runs (started_at desc);

create table control.isolation_canaries (
  id uuid primary key,
  run_id uuid not null references control.isolation_runs (id),
  kind text not null check (kind in ('tenant', 'account')),
  made_at timestamptz not null default now(),
  removed_at timestamptz
);
create index isolation_canaries_left on control.isolation_canaries (run_id) where removed_at is null;

grant select on control.isolation_runs, control.isolation_canaries to casemate_server;
grant insert (id, version, origin, started_by) on control.isolation_runs to casemate_server;
grant update (state, step, attempts, beat_at, finished_at, ok, error, report)
  on control.isolation_runs to casemate_server;
grant insert (id, run_id, kind) on control.isolation_canaries to casemate_server;
grant update (removed_at) on control.isolation_canaries to casemate_server;

-- The server can remove no account but those that an isolation test made for itself.
create function control.remove_canary_account(canary uuid)
returns void language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (
    select from control.accounts account
    join control.isolation_canaries noted on noted.id = account.id and noted.kind = 'account'
    where account.id = canary and account.email = 'canary+' || canary || '@casemate.invalid'
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

-- The platform's audit is not the server's to read: this says a count alone, and of canaries alone.
create function control.count_refusals(pseudonyms uuid[], since timestamptz)
returns bigint language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select count(*) from control.audit_events event
  where event.action = 'access.refuse' and event.at >= since and event.actor_id = any (pseudonyms)
    and exists (
      select from control.accounts account
      join control.isolation_canaries noted on noted.id = account.id and noted.kind = 'account'
      where account.audit_id = event.actor_id)
$$;

revoke execute on function control.remove_canary_account(uuid),
  control.count_refusals(uuid[], timestamptz) from public;
grant execute on function control.remove_canary_account(uuid),
  control.count_refusals(uuid[], timestamptz) to casemate_server;
