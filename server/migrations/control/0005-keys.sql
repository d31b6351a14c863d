-- Keys: the platform's own data keys, account secrets under them, rotations, and the ledger of
-- tenants whose keys were destroyed.

create table control.data_keys (
  version integer primary key,
  wrapped text not null,
  state text not null check (state in ('next', 'current', 'old', 'retired')),
  created_at timestamptz not null default now(),
  promoted_at timestamptz,
  retired_at timestamptz
);
create unique index data_keys_current on control.data_keys (state) where state = 'current';

-- Secrets of accounts (second factors, phone numbers), encrypted under the platform's key.
create table control.account_secrets (
  id uuid primary key,
  account_id uuid not null references control.accounts (id),
  kind text not null check (kind in ('totp_seed', 'phone')),
  value text not null constraint keys_value check (value ~ '^cm1\.[0-9]{1,9}\.'),
  created_at timestamptz not null default now(),
  unique (account_id, kind)
);

-- One row for each rotation; it is its own queue. The server asks, and re-encrypts (`rewriting`);
-- all other steps are the provisioner's. A step that was interrupted is done again.
create table control.key_rotations (
  id uuid primary key,
  -- Null: the platform's own key.
  tenant_id uuid references control.tenants (id),
  kind text not null check (kind in ('wrapping', 'data', 'backfill')),
  state text not null default 'requested'
    check (state in ('requested', 'prepared', 'rewriting', 'rewritten', 'done', 'failed')),
  from_version integer,
  to_version integer,
  rows_done bigint not null default 0,
  rows_total bigint,
  error text,
  -- The next step is not taken before: until then some process may still hold the keys of the last.
  due_at timestamptz not null default now(),
  lease_until timestamptz,
  requested_by uuid,
  requested_at timestamptz not null default now(),
  finished_at timestamptz
);
create unique index key_rotations_one on control.key_rotations
  (coalesce(tenant_id, '00000000-0000-0000-0000-000000000000')) where state not in ('done', 'failed');
create index key_rotations_latest on control.key_rotations (tenant_id, requested_at desc);

alter table control.key_rotations enable row level security;
create policy readable on control.key_rotations for select
  to casemate_server, casemate_provisioner using (true);
create policy server_asks on control.key_rotations for insert to casemate_server
  with check (state = 'requested' and from_version is null and to_version is null);
create policy server_rewrites on control.key_rotations for update to casemate_server
  using (state = 'rewriting') with check (state in ('rewriting', 'rewritten', 'failed'));
create policy provisioner on control.key_rotations for update to casemate_provisioner
  using (true) with check (true);

-- Tenants whose keys were destroyed. The same ledger lies in a file outside the database and the key
-- service; after a restore of either, what it names is destroyed again before anything serves.
create table control.deletion_ledger (
  seq bigint primary key,
  tenant_id uuid not null unique,
  deleted_at timestamptz not null,
  -- SHA-256 over the entry before and this one.
  hash text not null check (hash ~ '^[0-9a-f]{64}$')
);
create trigger append_only before update or delete on control.deletion_ledger
  for each row execute function control.refuse_change();
create trigger append_only_all before truncate on control.deletion_ledger
  for each statement execute function control.refuse_change();

grant select on control.data_keys, control.deletion_ledger to casemate_server, casemate_provisioner;
grant select, insert, update, delete on control.account_secrets to casemate_server;
grant select, insert on control.deletion_ledger to casemate_provisioner;
grant select on control.key_rotations to casemate_server, casemate_provisioner;
grant insert (id, tenant_id, kind, requested_by) on control.key_rotations to casemate_server;
grant update (state, rows_done, rows_total, error, lease_until) on control.key_rotations to casemate_server;
grant update (state, from_version, to_version, error, due_at, lease_until, finished_at)
  on control.key_rotations to casemate_provisioner;
