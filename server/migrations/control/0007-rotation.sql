-- Rotations that were asked for or fell due. The age of a secret is asked of its store, never of this
-- table: it says only what was tried, and keeps two processes from doing it twice.

create table control.rotations (
  id uuid primary key,
  secret text not null check (secret ~ '^[a-z][a-z0-9-]{1,60}$'),
  reason text not null check (reason in ('due', 'command', 'compromised')),
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  attempt integer not null default 0,
  requested_at timestamptz not null default now(),
  run_at timestamptz not null default now(),
  lease_until timestamptz,
  finished_at timestamptz,
  error text
);
create unique index rotations_once on control.rotations (secret) where state in ('queued', 'running');
create index rotations_latest on control.rotations (secret, requested_at desc);

-- The server asks; only the provisioner does it.
grant select, insert (id, secret, reason) on control.rotations to casemate_server;
grant select, insert (id, secret, reason), delete on control.rotations to casemate_provisioner;
grant update (state, attempt, run_at, lease_until, finished_at, error)
  on control.rotations to casemate_provisioner;
