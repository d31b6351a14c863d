-- Tenants, the proof of the tenant, jobs and the platform's own audit.

create table control.tenants (
  id uuid primary key,
  name text not null check (length(name) between 1 and 120),
  language text not null check (language in ('en', 'de', 'no', 'es', 'fr', 'simple')),
  state text not null default 'provisioning'
    check (state in ('provisioning', 'active', 'suspended', 'failed', 'dropping', 'dropped')),
  -- What happens to the tenant besides serving: a self-check is removed when it ends.
  purpose text not null default 'tenant' check (purpose in ('tenant', 'self_check')),
  -- The proof is an HMAC that only the key service can make; the database knows its SHA-256.
  epoch integer not null default 1,
  proof_hash bytea unique,
  bucket smallint not null default 0,
  schema_version integer not null default 0,
  error text,
  created_at timestamptz not null default now(),
  created_by uuid
);

-- The tenant that the transaction's proof opens, or null. Row security asks this of every row's
-- table, so an injected set_config of role or schema alone still reads nothing.
create function control.tenant() returns uuid
language sql stable security definer parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select t.id from control.tenants t
  where t.proof_hash = sha256(convert_to(nullif(current_setting('casemate.proof', true), ''), 'UTF8'))
    and (t.state in ('provisioning', 'active')
         or (t.state = 'suspended' and session_user = 'casemate_migrator'))
$$;

-- Whose rows a table of one person's rows lets through; null for jobs. It keeps people of one tenant
-- apart where a programmer slips; against injected SQL of the same tenant it is no second layer.
create function control.account() returns uuid
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$ select nullif(current_setting('casemate.account', true), '')::uuid $$;

create table control.jobs (
  id uuid primary key,
  queue text not null check (queue in ('work', 'provision')),
  kind text not null check (kind ~ '^[a-z_]+\.[a-z_]+$'),
  tenant_id uuid references control.tenants (id),
  subject_id uuid,
  account_id uuid,
  state text not null default 'queued'
    check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  attempt integer not null default 0,
  claim integer not null default 0,
  max_attempts integer not null default 5,
  error text,
  run_at timestamptz not null default now(),
  lease_until timestamptz,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create unique index jobs_once on control.jobs (tenant_id, kind, subject_id) where state = 'queued';
create index jobs_due on control.jobs (queue, run_at) where state in ('queued', 'running');
create index jobs_tenant on control.jobs (tenant_id) where state in ('queued', 'running');

-- Each program takes its own queue; the server may ask the provisioner, never act as it.
alter table control.jobs enable row level security;
create policy server_work on control.jobs to casemate_server
  using (queue = 'work') with check (queue = 'work');
create policy server_asks on control.jobs for insert to casemate_server
  with check (queue = 'provision' and kind in ('tenant.create', 'tenant.drop'));
create policy provisioner on control.jobs to casemate_provisioner
  using (queue = 'provision') with check (queue = 'provision');

-- The only way from a tenant's transaction into the queue. The tenant and the account come from the
-- transaction's claim; a tenant can't queue work for the provisioner.
create function control.enqueue_job(job_id uuid, job_kind text, job_subject uuid, delay_seconds integer)
returns void language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  claimed uuid := control.tenant();
begin
  if claimed is null then
    raise exception 'no tenant is open in this transaction' using errcode = '42501';
  end if;
  if job_kind like 'tenant.%' or delay_seconds not between 0 and 86400 then
    raise exception 'a tenant can''t queue this job' using errcode = '42501';
  end if;
  insert into control.jobs (id, queue, kind, tenant_id, subject_id, account_id, run_at)
  values (job_id, 'work', job_kind, claimed, job_subject, control.account(),
          now() + make_interval(secs => delay_seconds))
  on conflict do nothing;
  perform pg_notify('casemate_jobs', 'work');
end $$;

-- A document that is deleted takes its waiting work with it.
create function control.cancel_jobs(job_subject uuid)
returns void language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  claimed uuid := control.tenant();
begin
  if claimed is null then
    raise exception 'no tenant is open in this transaction' using errcode = '42501';
  end if;
  update control.jobs set state = 'cancelled', finished_at = now()
  where tenant_id = claimed and subject_id = job_subject and state in ('queued', 'running');
end $$;

create table control.audit_events (
  id uuid primary key,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default now(),
  tenant_id uuid,
  actor_kind text not null check (actor_kind in ('human', 'agent', 'rule', 'system', 'admin', 'anonymous')),
  actor_id uuid,
  action text not null check (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
  outcome text not null default 'done' check (outcome in ('done', 'refused')),
  resource_type text,
  resource_id text,
  before jsonb,
  after jsonb,
  ip inet,
  user_agent text,
  request_id text not null
);
create index audit_events_at on control.audit_events (at);

create function control.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$ begin
  raise exception 'the audit log is append-only' using errcode = '42501';
end $$;
create trigger append_only before update or delete on control.audit_events
  for each row execute function control.refuse_change();
create trigger append_only_all before truncate on control.audit_events
  for each statement execute function control.refuse_change();

grant usage on schema control to casemate_server, casemate_provisioner, casemate_tenants;
grant select on control.tenants to casemate_server;
grant insert (id, name, language, purpose, created_by) on control.tenants to casemate_server;
grant update (name, state) on control.tenants to casemate_server;
grant select on control.tenants to casemate_provisioner;
grant update (state, proof_hash, epoch, bucket, schema_version, error) on control.tenants to casemate_provisioner;
grant select, delete on control.jobs to casemate_server, casemate_provisioner;
grant insert (id, queue, kind, tenant_id, subject_id) on control.jobs to casemate_server;
grant update (state, attempt, claim, error, run_at, lease_until, started_at, finished_at)
  on control.jobs to casemate_server, casemate_provisioner;
-- Not `xid` and not `at`: whoever writes an event can't choose its place.
grant insert (id, tenant_id, actor_kind, actor_id, action, outcome, resource_type, resource_id,
    before, after, ip, user_agent, request_id)
  on control.audit_events to casemate_server, casemate_provisioner;
revoke execute on all functions in schema control from public;
grant execute on function control.tenant(), control.account(),
  control.enqueue_job(uuid, text, uuid, integer), control.cancel_jobs(uuid) to casemate_tenants;

-- Tenants that wait for the provisioner longer than they should: the server sees the count alone,
-- since the provisioner's queue is not its own to read.
create function control.waiting_provisioning(older_than_seconds integer)
returns setof uuid language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select job.tenant_id from control.jobs job
  where job.queue = 'provision' and job.state in ('queued', 'running')
    and job.created_at < now() - make_interval(secs => older_than_seconds)
$$;
revoke execute on function control.waiting_provisioning(integer) from public;
grant execute on function control.waiting_provisioning(integer) to casemate_server;
