-- Whether everybody of a tenant needs a second factor, whatever their role. The server may not delete the row: without
-- it roles alone decide, so whoever stole its password could undo the rule by deleting.
create table control.factor_rules (
  tenant_id uuid primary key references control.tenants (id),
  everyone boolean not null,
  changed_at timestamptz not null default now(),
  -- An HMAC over the row; where it does not hold, everybody needs one.
  seal bytea not null check (length(seal) = 32)
);
grant select, insert on control.factor_rules to casemate_server;
grant update (everyone, changed_at, seal) on control.factor_rules to casemate_server;

-- With what the tenant demands of its people, in the one place for every statement that asks.
create or replace function control.standing(membership control.memberships) returns jsonb
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
      from control.feature_levels levels where levels.tenant_id = membership.tenant_id),
    'factors', (
      select jsonb_build_object('everyone', rule.everyone, 'seal', encode(rule.seal, 'hex'))
      from control.factor_rules rule where rule.tenant_id = membership.tenant_id))
$$;
