-- Alerts that the server raised by its own measurements, for the overview and so that one mail is sent.

create table control.alerts (
  id bigint generated always as identity primary key,
  name text not null check (name ~ '^Casemate[A-Za-z]{1,60}$'),
  -- What tells it from others of its rule: a part, never a tenant.
  labels text not null check (length(labels) <= 200),
  severity text not null check (severity in ('critical', 'warning')),
  summary text not null check (length(summary) <= 300),
  since timestamptz not null,
  seen_at timestamptz not null default now(),
  resolved_at timestamptz
);
create unique index alerts_open on control.alerts (name, labels) where resolved_at is null;
create index alerts_latest on control.alerts (since desc);

grant select, delete on control.alerts to casemate_server;
grant insert (name, labels, severity, summary, since) on control.alerts to casemate_server;
grant update (seen_at, resolved_at) on control.alerts to casemate_server;
