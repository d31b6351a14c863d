-- Budgets that all server processes share. Counters are not logged: a crash forgets a minute's counts,
-- and counting costs no write-ahead log. Lockouts are logged: a crash unlocks nobody.

-- Draws the slots of counters; unknown outside, so that nobody can aim at another's slot.
create table control.limit_seed (
  singleton boolean primary key default true check (singleton),
  seed bigint not null
);
insert into control.limit_seed (seed)
select ('x' || left(encode(sha256(uuid_send(gen_random_uuid())), 'hex'), 16))::bit(64)::bigint;

-- One row per budget and slot. The slot of a stranger's address is one of 2^20: whatever addresses
-- are made up, the table has an end.
create unlogged table control.rate_counters (
  budget text not null,
  slot bigint not null,
  used integer not null,
  -- What the last draw got.
  granted integer not null,
  ends_at timestamptz not null,
  primary key (budget, slot)
) with (fillfactor = 60);

-- Wrong passwords of the last minutes, and tries that still run.
create unlogged table control.sign_in_tries (
  -- `pair` is an e-mail from one address; `account` an e-mail over all addresses.
  kind text not null check (kind in ('pair', 'address', 'account')),
  -- SHA-256: an e-mail stands in the accounts and nowhere else.
  subject bytea not null,
  failed_at timestamptz[] not null default '{}',
  running integer not null default 0,
  -- A process that died gives its tries back at this time.
  running_until timestamptz not null default '-infinity',
  primary key (kind, subject)
) with (fillfactor = 60);

create table control.lockouts (
  id uuid primary key,
  kind text not null check (kind in ('pair', 'address', 'account')),
  subject bytea not null,
  -- The address that failed last.
  ip inet,
  -- Whose account it is, if there is one: the pseudonym.
  audit_id uuid,
  failures integer not null,
  locked_at timestamptz not null default now(),
  locked_until timestamptz not null,
  -- Before its time, by an administrator.
  unlocked_at timestamptz
);
create index lockouts_subject on control.lockouts (kind, subject, locked_until desc);
create index lockouts_until on control.lockouts (locked_until);

grant select on control.limit_seed to casemate_server;
grant select, insert, update, delete on control.rate_counters, control.sign_in_tries to casemate_server;
grant select, insert, delete on control.lockouts to casemate_server;
grant update (unlocked_at) on control.lockouts to casemate_server;
