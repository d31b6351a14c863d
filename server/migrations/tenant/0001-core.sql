-- What every tenant has: its audit log, its wrapped data keys, its settings.
-- {{tenant}} is the schema and the role (quoted, from the allowlist), {{tenant_id}} the id's literal.

create table audit_events (
  id uuid primary key,
  tenant_id uuid not null check (tenant_id = {{tenant_id}}),
  -- The sequencer takes only rows whose transaction no running one could precede.
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default now(),
  actor_kind text not null check (actor_kind in ('human', 'agent', 'rule', 'system', 'admin', 'anonymous')),
  actor_id uuid,
  action text not null check (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
  outcome text not null default 'done' check (outcome in ('done', 'refused')),
  resource_type text,
  resource_id text,
  before jsonb,
  after jsonb,
  ip inet,
  user_agent text,
  request_id text not null
);
create index audit_events_order on audit_events (xid, id);

-- The log proper: one leaf per event, in the order the sequencer gave them. `leaf` is SHA-256 over
-- 0x00 and the event's canonical JSON, `head` is SHA-256 over 0x01, the head before and the leaf.
create table audit_log (
  seq bigint primary key,
  tenant_id uuid not null check (tenant_id = {{tenant_id}}),
  event_id uuid not null unique references audit_events (id),
  leaf bytea not null check (length(leaf) = 32),
  head bytea not null check (length(head) = 32),
  sequenced_at timestamptz not null default now()
);

create table data_keys (
  version integer primary key,
  tenant_id uuid not null check (tenant_id = {{tenant_id}}),
  wrapped text not null,
  state text not null default 'current' check (state in ('current', 'old', 'retired')),
  created_at timestamptz not null default now()
);
create unique index data_keys_current on data_keys (state) where state = 'current';

alter table audit_events enable row level security;
alter table audit_events force row level security;
create policy tenant on audit_events
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
alter table audit_log enable row level security;
alter table audit_log force row level security;
create policy tenant on audit_log
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
alter table data_keys enable row level security;
alter table data_keys force row level security;
create policy tenant on data_keys
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));

create trigger append_only before update or delete on audit_events
  for each row execute function control.refuse_change();
create trigger append_only_all before truncate on audit_events
  for each statement execute function control.refuse_change();
create trigger append_only before update or delete on audit_log
  for each row execute function control.refuse_change();
create trigger append_only_all before truncate on audit_log
  for each statement execute function control.refuse_change();

-- The writing role has INSERT alone; another role reads and sequences.
-- It can't choose `xid` or `at`, and so not its place in the log.
grant insert (id, tenant_id, actor_kind, actor_id, action, outcome, resource_type, resource_id, before,
    after, ip, user_agent, request_id) on audit_events to {{tenant}};
grant select on audit_events to casemate_auditor;
grant select, insert on audit_log to casemate_auditor;
grant select on data_keys to {{tenant}};
