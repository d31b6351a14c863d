-- Groups of a tenant's people. A group may give a role; what a person may do stays in the one sealed row of
-- control.memberships, which is computed anew whenever a group, its role or its members change (decision 43).

create table control.groups (
  id uuid primary key,
  tenant_id uuid not null references control.tenants (id),
  name text not null check (length(name) between 1 and 256),
  -- Who looks after its name and members: people here, or a directory.
  source text not null default 'local' check (source in ('local', 'scim', 'ldap', 'oidc', 'saml')),
  -- As the directory calls it.
  external_id text check (length(external_id) between 1 and 1024),
  role text check (role in ('member', 'reviewer', 'admin')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version bigint not null default 1,
  -- An HMAC over the row: a group that somebody else wrote or changed gives nothing.
  seal bytea not null check (length(seal) = 32)
);
create unique index groups_name on control.groups (tenant_id, source, lower(name));
create unique index groups_external on control.groups (tenant_id, source, external_id);

create table control.group_members (
  group_id uuid not null references control.groups (id) on delete cascade,
  account_id uuid not null references control.accounts (id) on delete cascade,
  tenant_id uuid not null references control.tenants (id),
  created_at timestamptz not null default now(),
  seal bytea not null check (length(seal) = 32),
  primary key (group_id, account_id)
);
create index group_members_account on control.group_members (account_id, tenant_id);

-- The role that a person has without any group; null: the one that stands in the row.
alter table control.memberships
  add column own_role text check (own_role in ('member', 'reviewer', 'admin')),
  add column own_seal bytea check (length(own_seal) = 32);

grant select, insert, delete on control.groups, control.group_members to casemate_server;
grant update (name, external_id, role, updated_at, version, seal) on control.groups to casemate_server;
grant update (seal) on control.group_members to casemate_server;
grant update (own_role, own_seal) on control.memberships to casemate_server;

-- Groups go with the tenant, whoever lets it go: the provisioner does so too, which may not touch them.
create function control.end_groups() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$ begin
  delete from control.groups where tenant_id = new.id;
  return null;
end $$;
revoke execute on function control.end_groups() from public;
create trigger end_groups after update of state on control.tenants
  for each row when (new.state = 'dropping' and old.state <> 'dropping')
  execute function control.end_groups();
