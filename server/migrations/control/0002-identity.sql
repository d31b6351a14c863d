-- Accounts, sessions, one-time links and memberships. E-mail and name live here and nowhere else.

create table control.accounts (
  id uuid primary key,
  -- Under this pseudonym the audit log knows the person; erasure destroys the pair.
  audit_id uuid not null unique,
  email text not null check (length(email) between 3 and 254),
  name text not null check (length(name) between 1 and 120),
  password_hash text not null,
  platform_role text check (platform_role = 'super_admin'),
  state text not null default 'active' check (state in ('active', 'deactivated')),
  created_at timestamptz not null default now()
);
create unique index accounts_email on control.accounts (lower(email));

create table control.memberships (
  account_id uuid not null references control.accounts (id),
  tenant_id uuid not null references control.tenants (id),
  role text not null check (role in ('member', 'reviewer', 'admin')),
  created_at timestamptz not null default now(),
  primary key (account_id, tenant_id)
);
create index memberships_tenant on control.memberships (tenant_id);

create table control.sessions (
  id uuid primary key,
  account_id uuid not null references control.accounts (id),
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  user_agent text
);
create index sessions_account on control.sessions (account_id) where ended_at is null;

-- Each refresh token is used once. The SHA-256 of a 256-bit random token needs no salt.
create table control.refresh_tokens (
  hash bytea primary key,
  session_id uuid not null references control.sessions (id),
  created_at timestamptz not null default now(),
  used_at timestamptz,
  -- A retry within seconds revokes the successor that it had; whoever presents it later has stolen it.
  revoked_at timestamptz,
  successor bytea
);
create index refresh_tokens_session on control.refresh_tokens (session_id);

create table control.setup_links (
  hash bytea primary key,
  kind text not null check (kind in ('first_admin', 'invitation')),
  email text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

grant select, insert on control.accounts to casemate_server;
grant update (email, name, password_hash, state) on control.accounts to casemate_server;
grant select, insert, delete on control.memberships to casemate_server;
grant update (role) on control.memberships to casemate_server;
grant select, insert on control.sessions, control.refresh_tokens, control.setup_links to casemate_server;
grant update (last_used_at, ended_at, end_reason) on control.sessions to casemate_server;
grant update (used_at, revoked_at, successor) on control.refresh_tokens to casemate_server;
grant update (used_at) on control.setup_links to casemate_server;
