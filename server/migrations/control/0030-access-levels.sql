-- Numeric access levels of people and of features, and custom roles beside the built-in ones (decision 44).
-- Each of these rows counts only as the server wrote it, like the membership itself (0022).

-- Null: the usual level of the role. What a membership has of these is under its seal.
alter table control.memberships
  add column level smallint check (level between 0 and 100),
  add column custom_roles uuid[] not null default '{}' check (cardinality(custom_roles) <= 20);
grant update (level, custom_roles) on control.memberships to casemate_server;

create table control.custom_roles (
  id uuid primary key,
  tenant_id uuid not null references control.tenants (id),
  name text not null check (length(name) between 1 and 60),
  permissions text[] not null check (cardinality(permissions) between 1 and 50),
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  seal bytea not null check (length(seal) = 32)
);
create unique index custom_roles_name on control.custom_roles (tenant_id, lower(name));
grant select, insert, delete on control.custom_roles to casemate_server;
grant update (name, permissions, changed_at, seal) on control.custom_roles to casemate_server;

-- What a feature needs in a tenant, all of them in one row. The server may not delete it: without the
-- row the usual levels count, so whoever stole its password could lower them by deleting.
create table control.feature_levels (
  tenant_id uuid primary key references control.tenants (id),
  minimum jsonb not null check (jsonb_typeof(minimum) = 'object'),
  changed_at timestamptz not null default now(),
  seal bytea not null check (length(seal) = 32)
);
grant select, insert on control.feature_levels to casemate_server;
grant update (minimum, changed_at, seal) on control.feature_levels to casemate_server;

-- All that says what a member may, with the seals to look at, in one place for every statement that asks.
create function control.standing(membership control.memberships) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
    'role', membership.role,
    'level', membership.level,
    'customRoles', to_jsonb(membership.custom_roles),
    'seal', encode(membership.seal, 'hex'),
    'custom', coalesce((
      select jsonb_agg(jsonb_build_object('id', given.id, 'name', given.name,
        'permissions', to_jsonb(given.permissions), 'seal', encode(given.seal, 'hex')) order by given.id)
      from control.custom_roles given
      where given.tenant_id = membership.tenant_id and given.id = any(membership.custom_roles)), '[]'),
    'features', (
      select jsonb_build_object('minimum', levels.minimum, 'seal', encode(levels.seal, 'hex'))
      from control.feature_levels levels where levels.tenant_id = membership.tenant_id))
$$;
revoke execute on function control.standing(control.memberships) from public;
grant execute on function control.standing(control.memberships) to casemate_server;
