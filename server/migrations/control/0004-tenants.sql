-- Tenants by the thousand: every change of state is told to all processes, names are unique, and a
-- suspended tenant's events are still sequenced.

alter table control.tenants add column changed_at timestamptz not null default clock_timestamp();
create index tenants_changed on control.tenants (changed_at);

-- A migration's new schema_version is nobody's business: ten thousand of them would flood the channel.
create function control.tell_tenant_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$ begin
  new.changed_at := clock_timestamp();
  perform pg_notify('casemate_tenants', new.id::text);
  return new;
end $$;
revoke execute on function control.tell_tenant_change() from public;
create trigger tell_change before insert or update of state, epoch, name, bucket on control.tenants
  for each row execute function control.tell_tenant_change();

-- Names were free until now: later bearers of a name get a number.
update control.tenants tenant
set name = left(tenant.name, 110) || ' (' || twin.n || ')'
from (select other.id, row_number() over (partition by lower(other.name) order by other.id) as n
      from control.tenants other
      where other.purpose = 'tenant' and other.state not in ('dropping', 'dropped')) twin
where twin.id = tenant.id and twin.n > 1;
create unique index tenants_name on control.tenants (lower(name))
  where purpose = 'tenant' and state not in ('dropping', 'dropped');
create index tenants_unmigrated on control.tenants (schema_version)
  where state in ('active', 'suspended');
create index tenants_bucket on control.tenants (bucket) where state <> 'dropped';

-- In a suspended tenant only the migrator and the audit sequencer still find rows.
create or replace function control.tenant() returns uuid
language sql stable security definer parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select t.id from control.tenants t
  where t.proof_hash = sha256(convert_to(nullif(current_setting('casemate.proof', true), ''), 'UTF8'))
    and (t.state in ('provisioning', 'active')
         or (t.state = 'suspended'
             and (session_user = 'casemate_migrator' or current_setting('role') = 'casemate_auditor')))
$$;
revoke execute on function control.tenant() from public;

-- The provisioner takes up by itself what was left half done.
grant insert (id, queue, kind, tenant_id, subject_id) on control.jobs to casemate_provisioner;

-- Tenants whose schema could not be brought to this version; the next run of the migrator tries again.
create table control.migration_failures (
  tenant_id uuid primary key references control.tenants (id),
  error text not null,
  attempts integer not null default 1,
  failed_at timestamptz not null default now()
);
grant select on control.migration_failures to casemate_server;
grant delete on control.migration_failures to casemate_provisioner;
grant select (tenant_id) on control.migration_failures to casemate_provisioner;
