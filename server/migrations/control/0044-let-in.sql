-- The word of a tenant that lets a connection of the platform in. Without a row, or with one whose terms are
-- others by now, the connection gives nobody a role in the tenant and opens it to nobody.

create table control.connection_consents (
  connection_id uuid not null references control.connections (id) on delete cascade,
  tenant_id uuid not null references control.tenants (id),
  -- HMAC of what its administrator saw: where it leads, whose addresses come, and what groups give here.
  terms bytea not null check (length(terms) = 32),
  created_at timestamptz not null default now(),
  seal bytea not null check (length(seal) = 32),
  primary key (connection_id, tenant_id)
);
create index connection_consents_tenant on control.connection_consents (tenant_id);
grant select, insert, delete on control.connection_consents to casemate_server;

-- Of a tenant for the connection that opened a session, with the seal to look at.
create function control.connection_consent(connection uuid, tenant uuid) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object('terms', encode(consent.terms, 'hex'), 'seal', encode(consent.seal, 'hex'))
  from control.connection_consents consent
  where consent.connection_id = connection and consent.tenant_id = tenant
$$;
revoke execute on function control.connection_consent(uuid, uuid) from public;
grant execute on function control.connection_consent(uuid, uuid) to casemate_server;
