-- Rules of sign-in under a seal, and the word of a tenant that lets a connection of the platform in. Without a
-- row a tenant is open to passwords, so no row of a tenant that is there is deleted by the server.

create table control.sign_in_rules (
  tenant_id uuid primary key references control.tenants (id),
  sso_only boolean not null,
  break_glass uuid references control.accounts (id) on delete set null,
  changed_at timestamptz not null default now(),
  seal bytea not null check (length(seal) = 32)
);
grant select, insert, delete on control.sign_in_rules to casemate_server;
grant update (sso_only, break_glass, changed_at, seal) on control.sign_in_rules to casemate_server;
alter table control.sign_in_rules enable row level security;
create policy seen on control.sign_in_rules for select using (true);
create policy made on control.sign_in_rules for insert with check (true);
create policy changed on control.sign_in_rules for update using (true);
create policy gone on control.sign_in_rules for delete using (exists (
  select from control.tenants tenant
  where tenant.id = sign_in_rules.tenant_id and tenant.state in ('dropping', 'dropped')));

-- What a tenant said before, which counts until it is said again: nobody but the owner writes here any more.
revoke insert, update on control.tenant_sign_in from casemate_server;
revoke update (sso_only, break_glass) on control.tenant_sign_in from casemate_server;
alter table control.tenant_sign_in enable row level security;
create policy seen on control.tenant_sign_in for select using (true);
create policy gone on control.tenant_sign_in for delete using (exists (
  select from control.tenants tenant
  where tenant.id = tenant_sign_in.tenant_id and tenant.state in ('dropping', 'dropped')));

-- What counts of a tenant, with the seal to look at; null where nothing was ever said.
create function control.sign_in_rules(tenant uuid) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp
as $$
  select coalesce((
    select jsonb_build_object('tenantId', rules.tenant_id, 'ssoOnly', rules.sso_only,
      'breakGlass', rules.break_glass, 'seal', encode(rules.seal, 'hex'))
    from control.sign_in_rules rules where rules.tenant_id = tenant), (
    select jsonb_build_object('tenantId', former.tenant_id, 'ssoOnly', former.sso_only,
      'breakGlass', former.break_glass, 'seal', null)
    from control.tenant_sign_in former where former.tenant_id = tenant))
$$;
revoke execute on function control.sign_in_rules(uuid) from public;
grant execute on function control.sign_in_rules(uuid) to casemate_server;
