-- What was counted on its way out of an instance: reports of `casemate egress verify`, as they were signed.

create table control.egress_reports (
  id uuid primary key,
  at timestamptz not null,
  version text not null check (length(version) between 1 and 40),
  mode text not null check (mode in ('sealed', 'live')),
  ok boolean not null,
  report jsonb not null
);
create index egress_reports_at on control.egress_reports (at desc);

grant select, insert, delete on control.egress_reports to casemate_server;
