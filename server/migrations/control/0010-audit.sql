-- The platform's own log gets the chain that each tenant's has: its order can't be changed unseen either.

-- The log proper; see tenant/0001-core.sql for leaf and head.
create table control.audit_log (
  seq bigint primary key,
  event_id uuid not null unique references control.audit_events (id),
  leaf bytea not null check (length(leaf) = 32),
  head bytea not null check (length(head) = 32),
  sequenced_at timestamptz not null default now()
);
create index audit_events_order on control.audit_events (xid, id);
create trigger append_only before update or delete on control.audit_log
  for each row execute function control.refuse_change();
create trigger append_only_all before truncate on control.audit_log
  for each statement execute function control.refuse_change();

-- Another role reads and sequences than writes. Not the auditor of the tenants: what is injected into
-- a tenant's statement can become that one, and would read of all tenants here.
grant usage on schema control to casemate_platform_auditor;
grant select on control.audit_events to casemate_platform_auditor;
grant select, insert on control.audit_log to casemate_platform_auditor;

-- Tenants that wait for the provisioner: the server alone is answered, whoever else may execute it.
create or replace function control.waiting_provisioning(older_than_seconds integer)
returns setof uuid language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select job.tenant_id from control.jobs job
  where job.queue = 'provision' and job.state in ('queued', 'running')
    and job.created_at < now() - make_interval(secs => older_than_seconds)
    and session_user = 'casemate_server'
$$;
revoke execute on function control.waiting_provisioning(integer) from public;
