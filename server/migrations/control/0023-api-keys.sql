-- API keys of people and of service accounts: a credential for programs. A key belongs to one tenant and
-- to one account, and may do what the account's role there allows and its scopes name, until it ends.

-- A service account is nobody: it has no password and signs in nowhere; its keys are its only way in.
alter table control.accounts add column kind text not null default 'person'
  check (kind in ('person', 'service'));

create table control.api_keys (
  id uuid primary key,
  tenant_id uuid not null references control.tenants (id),
  account_id uuid not null references control.accounts (id) on delete cascade,
  name text not null check (length(name) between 1 and 80),
  -- HMAC-SHA256 of the key, which is shown once and kept nowhere.
  hash bytea not null unique check (length(hash) = 32),
  -- The last four characters, by which its owner knows it again.
  hint text not null check (length(hint) = 4),
  scopes text[] not null check (cardinality(scopes) between 1 and 50),
  -- Networks in CIDR notation from which it may be used; none: from anywhere.
  addresses text[] not null default '{}' check (cardinality(addresses) <= 50),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  -- An HMAC over what the key may do, as accounts and memberships have one; null once it is revoked.
  seal bytea check (length(seal) = 32)
);
create index api_keys_account on control.api_keys (account_id, tenant_id);
create index api_keys_tenant on control.api_keys (tenant_id, id);

grant select, insert on control.api_keys to casemate_server;
grant update (last_used_at, revoked_at, seal) on control.api_keys to casemate_server;

-- A tenant that goes takes its keys and its service accounts with it, whoever lets it go: the provisioner
-- does so too, which may not touch accounts. Only a tenant that begins to go gets here.
create function control.end_api_keys() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$ begin
  update control.api_keys set revoked_at = coalesce(revoked_at, now()), seal = null
    where tenant_id = new.id;
  update control.accounts set state = 'deactivated', seal = null
    where kind = 'service'
      and id in (select account_id from control.memberships where tenant_id = new.id);
  return null;
end $$;
revoke execute on function control.end_api_keys() from public;
create trigger end_api_keys after update of state on control.tenants
  for each row when (new.state = 'dropping' and old.state <> 'dropping')
  execute function control.end_api_keys();
