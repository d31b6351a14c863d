-- How people come, change their password, and go: invitations, one-time links, the passwords of before,
-- mails that wait, and how long a session may lie idle.

alter table control.accounts drop constraint accounts_state_check;
alter table control.accounts add constraint accounts_state_check
  check (state in ('invited', 'active', 'deactivated', 'erased'));
-- E-mail addresses of persons live in this table alone, so the one that waits to be verified does, too,
-- and the one of before, until its holder was told.
alter table control.accounts
  add column email_verified_at timestamptz default now(),
  add column email_verified_by text default 'host' check (email_verified_by in ('mail', 'handed_over', 'host')),
  add column new_email text check (length(new_email) between 3 and 254),
  add column former_email text check (length(former_email) between 3 and 254),
  add constraint active_is_verified check (state <> 'active' or email_verified_at is not null);
grant update (platform_role, email_verified_at, email_verified_by, new_email, former_email) on control.accounts
  to casemate_server;

-- Bcrypt as the present one; five of an account are kept.
create table control.password_history (
  account_id uuid not null references control.accounts (id) on delete cascade,
  hash text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (account_id, created_at)
);
insert into control.password_history (account_id, hash)
select account.id, account.password_hash from control.accounts account
where account.password_hash not like '!%';
grant select, insert, delete on control.password_history to casemate_server;

-- For a tenant with a role, or for the platform. The seal says that the server wrote the row: whoever
-- writes the database can't invite, and can't raise what an invitation gives.
create table control.invitations (
  id uuid primary key,
  account_id uuid not null references control.accounts (id) on delete cascade,
  tenant_id uuid references control.tenants (id),
  role text check (role in ('member', 'reviewer', 'admin')),
  platform_role text check (platform_role = 'super_admin'),
  -- An account, or nobody for a command of the host; it may be gone.
  invited_by uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  withdrawn_at timestamptz,
  seal bytea not null check (length(seal) = 32),
  check ((tenant_id is null) = (role is null)),
  check ((tenant_id is null) = (platform_role is not null))
);
create unique index invitations_open on control.invitations (account_id, tenant_id) nulls not distinct
  where accepted_at is null and withdrawn_at is null;
create index invitations_tenant on control.invitations (tenant_id)
  where accepted_at is null and withdrawn_at is null;
grant select, insert on control.invitations to casemate_server;
grant update (role, expires_at, accepted_at, withdrawn_at, seal) on control.invitations to casemate_server;

-- One-time links as HMAC. A mailed one is drawn by the worker that sends it: it stands nowhere else.
create table control.account_links (
  hash bytea primary key check (length(hash) = 32),
  purpose text not null check (purpose in ('invitation', 'reset', 'email')),
  account_id uuid not null references control.accounts (id) on delete cascade,
  invitation_id uuid references control.invitations (id) on delete cascade,
  -- How whoever holds it came to it: by mail, which shows whose the address is, or handed over.
  way text not null check (way in ('mail', 'handed_over')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  seal bytea not null check (length(seal) = 32)
);
create index account_links_account on control.account_links (account_id) where used_at is null;
grant select, insert, delete on control.account_links to casemate_server;
grant update (used_at) on control.account_links to casemate_server;

-- Mails that wait, and what became of them: ids, never an address or a text. Without an account it is
-- for an address that nobody here has, and is dropped.
create table control.mails (
  id uuid primary key,
  template text not null check (template ~ '^[a-z_]+$'),
  account_id uuid references control.accounts (id) on delete cascade,
  tenant_id uuid references control.tenants (id),
  invitation_id uuid references control.invitations (id) on delete cascade,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  failed_at timestamptz
);
create index mails_invitation on control.mails (invitation_id, created_at desc);
create index mails_created on control.mails (created_at);
grant select, insert, delete on control.mails to casemate_server;
grant update (sent_at, failed_at) on control.mails to casemate_server;

-- An end that moves with each use, before the one that does not.
alter table control.sessions add column idle_until timestamptz not null default now() + interval '24 hours';
grant update (idle_until) on control.sessions to casemate_server;
