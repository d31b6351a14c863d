-- Second factors of accounts. What they verify with is encrypted (account_secrets), public (passkeys) or an
-- HMAC under a key that the database does not know (codes, challenges, links).

create table control.account_factors (
  id uuid primary key,
  account_id uuid not null references control.accounts (id) on delete cascade,
  kind text not null check (kind in ('totp', 'passkey', 'phone')),
  name text not null check (length(name) between 1 and 60),
  created_at timestamptz not null default now(),
  -- Null until it was shown once: before that it counts for nothing.
  confirmed_at timestamptz,
  last_used_at timestamptz,
  -- Authenticator apps: the last time step (RFC 6238) whose code was taken. Each is taken once.
  last_step bigint,
  -- Passkeys (WebAuthn).
  credential_id bytea unique,
  public_key bytea,
  sign_count bigint,
  transports text[],
  check ((kind = 'passkey') = (credential_id is not null and public_key is not null and sign_count is not null))
);
create index account_factors_account on control.account_factors (account_id);

-- What the seal of an account says of its factors: none, or those that count, in one order.
create function control.factor_facts(account uuid) returns text
language sql stable set search_path = pg_catalog, pg_temp
as $$
  select string_agg(factor.id || ':' || factor.kind || ':' || coalesce(encode(factor.credential_id, 'hex'), '')
      || ':' || coalesce(encode(factor.public_key, 'hex'), ''), ',' order by factor.id)
  from control.account_factors factor
  where factor.account_id = account and factor.confirmed_at is not null
$$;
revoke execute on function control.factor_facts(uuid) from public;
grant execute on function control.factor_facts(uuid) to casemate_server;

-- The seed of an authenticator app has its factor's id; a person may have more than one.
alter table control.account_secrets drop constraint account_secrets_account_id_kind_key;
alter table control.account_secrets drop constraint account_secrets_account_id_fkey,
  add constraint account_secrets_account_id_fkey foreign key (account_id)
    references control.accounts (id) on delete cascade;
create index account_secrets_account on control.account_secrets (account_id);

-- Gone once it was used. The HMAC is of code and account together.
create table control.recovery_codes (
  hash bytea primary key check (length(hash) = 32),
  account_id uuid not null references control.accounts (id) on delete cascade,
  created_at timestamptz not null default now()
);
create index recovery_codes_account on control.recovery_codes (account_id);

-- Asks for a factor: after the password, or before what needs a fresh one. Not a session.
create table control.factor_challenges (
  -- HMAC of the token that whoever is asked holds.
  hash bytea primary key check (length(hash) = 32),
  -- HMAC of purpose, account, session, address and end: none of them can be another.
  seal bytea not null check (length(seal) = 32),
  purpose text not null check (purpose in ('sign-in', 'step-up', 'passkey', 'enrol')),
  account_id uuid references control.accounts (id) on delete cascade,
  session_id uuid references control.sessions (id) on delete cascade,
  address text not null,
  wrong integer not null default 0,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index factor_challenges_expires on control.factor_challenges (expires_at);

-- An administrator's one-time link for who has lost every factor. It stands for the factor, not for the password.
create table control.factor_reset_links (
  hash bytea primary key check (length(hash) = 32),
  account_id uuid not null references control.accounts (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index factor_reset_links_account on control.factor_reset_links (account_id);

-- When the last factor was shown in a session, and an HMAC that says that the server wrote it.
alter table control.sessions
  add column factor_at timestamptz,
  add column factor_seal bytea check (length(factor_seal) = 32);

alter table control.sign_in_tries drop constraint sign_in_tries_kind_check,
  add constraint sign_in_tries_kind_check check (kind in ('pair', 'address', 'account', 'factor', 'recovery'));
alter table control.lockouts drop constraint lockouts_kind_check,
  add constraint lockouts_kind_check check (kind in ('pair', 'address', 'account', 'factor', 'recovery'));

grant select, insert, delete on control.account_factors, control.recovery_codes,
  control.factor_challenges, control.factor_reset_links to casemate_server;
grant update (name, confirmed_at, last_used_at, last_step, sign_count) on control.account_factors to casemate_server;
grant update (wrong, ended_at) on control.factor_challenges to casemate_server;
grant update (used_at) on control.factor_reset_links to casemate_server;
grant update (factor_at, factor_seal) on control.sessions to casemate_server;
