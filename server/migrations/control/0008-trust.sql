-- What the verification of the controls found: signed runs, what the host said, and when each control
-- last passed.

create table control.trust_runs (
  id uuid primary key,
  at timestamptz not null,
  version text not null check (length(version) between 1 and 40),
  -- The evidence as it was signed; its canonical form (RFC 8785) is what the signature covers.
  evidence jsonb not null
);
create index trust_runs_at on control.trust_runs (at desc);

-- Checks that only the installer can make: sockets, processes, file modes, storage. The last of each.
create table control.host_findings (
  control text not null check (control ~ '^[A-Z]{2,3}-[0-9]{2}$'),
  name text not null check (name ~ '^[a-z][a-z0-9-]{1,40}$'),
  status text not null check (status in ('pass', 'fail', 'not_applicable')),
  evidence text not null check (length(evidence) <= 2000),
  at timestamptz not null,
  primary key (control, name)
);

create table control.control_passes (
  control text primary key check (control ~ '^[A-Z]{2,3}-[0-9]{2}$'),
  passed_at timestamptz not null
);

grant select, insert, delete on control.trust_runs to casemate_server;
grant select, insert, delete on control.host_findings to casemate_server;
grant select, insert on control.control_passes to casemate_server;
grant update (passed_at) on control.control_passes to casemate_server;
