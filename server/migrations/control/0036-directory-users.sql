-- People as a tenant's directory names them (SCIM 2.0), and the account that each stands for. A row is the
-- directory's; the account, its membership and its e-mail are not, and follow by rules of their own (decision 44).

create table control.directory_users (
  id uuid primary key,
  tenant_id uuid not null references control.tenants (id),
  -- Null: an account that no directory may touch, or one that is gone.
  account_id uuid references control.accounts (id) on delete set null,
  user_name text not null check (length(user_name) between 1 and 254),
  external_id text check (length(external_id) between 1 and 254),
  -- displayName, name and emails of RFC 7643, 4.1.
  attributes jsonb not null check (jsonb_typeof(attributes) = 'object'),
  active boolean not null,
  -- Whether this directory made the account: only then it may name or shut out the account itself.
  owned boolean not null,
  -- What was ended when it was made inactive, and comes back with it.
  ended text check (ended in ('account', 'membership')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Gone for its directory; kept where it must be known whose account it was, should the person come again.
  deleted_at timestamptz,
  version bigint not null default 1,
  -- An HMAC over tenant, account and what it may do to it.
  seal bytea not null check (length(seal) = 32)
);
create unique index directory_users_name on control.directory_users (tenant_id, lower(user_name))
  where deleted_at is null;
create unique index directory_users_account on control.directory_users (tenant_id, account_id)
  where deleted_at is null;
create index directory_users_external on control.directory_users (tenant_id, external_id);
create index directory_users_of on control.directory_users (account_id);
grant select, insert, delete on control.directory_users to casemate_server;
grant update (account_id, user_name, external_id, attributes, active, owned, ended, updated_at,
  deleted_at, version, seal)
  on control.directory_users to casemate_server;

-- They go with the tenant, whoever lets it go; and with the person, who is erased.
create function control.end_directory() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$ begin
  delete from control.directory_users where tenant_id = new.id;
  return null;
end $$;
revoke execute on function control.end_directory() from public;
create trigger end_directory after update of state on control.tenants
  for each row when (new.state = 'dropping' and old.state <> 'dropping')
  execute function control.end_directory();
