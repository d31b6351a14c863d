-- What the host said counts only under the signature of its own key (docs/trust.md): whoever can write
-- this table can't make it. What it said before it signed anything is to be said again.

delete from control.host_findings;
alter table control.host_findings
  add column version text not null check (length(version) between 1 and 40),
  add column signature text not null check (length(signature) between 1 and 200);

-- Signed texts now name their kind. Runs of before are kept and no more believed; the server can't
-- mark a run so later.
alter table control.trust_runs add column earlier boolean not null default false;
update control.trust_runs set earlier = true;

-- A report of before could pass as a text of another kind: it is no report any more, and the next
-- isolation test makes a new one.
update control.isolation_runs
set state = 'failed', ok = false, report = null,
    error = 'Its report was signed in an earlier form; run the isolation test again'
where state = 'done' and not report ? 'type';
