-- That somebody looked through who has what in a tenant, and found it right: kept for good, changed by nobody.
create table control.access_reviews (
  id uuid primary key,
  tenant_id uuid not null references control.tenants (id),
  reviewed_by uuid not null,
  reviewed_at timestamptz not null default now(),
  note text not null check (length(note) <= 500),
  -- SHA-256 of what they saw, and how many lines that were.
  digest bytea not null check (length(digest) = 32),
  entries integer not null check (entries >= 0),
  seal bytea not null check (length(seal) = 32)
);
create index access_reviews_tenant on control.access_reviews (tenant_id, reviewed_at desc);
grant select, insert on control.access_reviews to casemate_server;
