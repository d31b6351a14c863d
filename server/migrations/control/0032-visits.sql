-- Break-glass: whoever runs the platform sees the content of a tenant only by a visit, which has an end and
-- a reason, which the tenant (or where it says so a second person of the platform) approved, and of which
-- it sees everything that was looked at (decision 45).
create table control.visits (
  id uuid primary key,
  tenant_id uuid not null references control.tenants (id),
  account_id uuid not null references control.accounts (id) on delete cascade,
  reason text not null check (length(reason) between 10 and 500),
  minutes smallint not null check (minutes between 5 and 240),
  requested_at timestamptz not null default now(),
  decided_at timestamptz,
  decided_by uuid,
  approved boolean,
  expires_at timestamptz,
  ended_at timestamptz,
  ended_by uuid,
  -- An HMAC over all that it gives; null once it has ended.
  seal bytea check (length(seal) = 32),
  check ((decided_at is null) = (approved is null)),
  check ((approved is true) = (expires_at is not null))
);
create index visits_tenant on control.visits (tenant_id, requested_at desc);
create index visits_account on control.visits (account_id) where approved and ended_at is null;
grant select, insert on control.visits to casemate_server;
grant update (decided_at, decided_by, approved, expires_at, ended_at, ended_by, seal) on control.visits
  to casemate_server;

-- What was looked at: written before it is shown, and changed by nobody.
create table control.visit_views (
  id bigint generated always as identity primary key,
  visit_id uuid not null references control.visits (id) on delete cascade,
  at timestamptz not null default clock_timestamp(),
  route text not null check (length(route) <= 200),
  -- Ids and words of the request, as the visitor sent them.
  subject text not null check (length(subject) <= 500)
);
create index visit_views_visit on control.visit_views (visit_id, id);
grant select, insert on control.visit_views to casemate_server;

-- Whether a second person of the platform may approve as well. Without the row, only the tenant may.
create table control.visit_rules (
  tenant_id uuid primary key references control.tenants (id),
  by_platform boolean not null,
  seal bytea not null check (length(seal) = 32)
);
grant select, insert on control.visit_rules to casemate_server;
grant update (by_platform, seal) on control.visit_rules to casemate_server;

-- The visits of an account that are open now; never to a tenant that holds its own seal.
create function control.open_visits(visitor uuid) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp
as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', visit.id, 'tenantId', visit.tenant_id,
    'accountId', visit.account_id, 'reason', visit.reason, 'minutes', visit.minutes,
    'decidedBy', visit.decided_by,
    'expiresAt', (extract(epoch from visit.expires_at) * 1000)::bigint,
    'seal', encode(visit.seal, 'hex'))), '[]')
  from control.visits visit join control.tenants tenant on tenant.id = visit.tenant_id
  where visit.account_id = visitor and visit.approved and visit.ended_at is null
    and visit.expires_at > now() and tenant.tier <> 'sealed'
$$;
revoke execute on function control.open_visits(uuid) from public;
grant execute on function control.open_visits(uuid) to casemate_server;
