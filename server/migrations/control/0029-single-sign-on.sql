-- Connections to a company's own directory, the identities that come from there, and the e-mail domains
-- that a tenant has shown to be its own. The seals say that the server wrote a row: whoever writes the
-- database can't point a connection elsewhere, take a domain, or put an identity on somebody's account.

create table control.connections (
  id uuid primary key,
  -- Null: of the platform, for every tenant that its mappings name.
  tenant_id uuid references control.tenants (id),
  kind text not null check (kind in ('oidc', 'saml', 'ldap')),
  name text not null check (length(name) between 1 and 80),
  state text not null default 'draft' check (state in ('draft', 'active', 'off')),
  -- Without secrets.
  settings jsonb not null check (jsonb_typeof(settings) = 'object'),
  domains text[] not null default '{}' check (cardinality(domains) <= 50),
  -- [{"group": …, "tenantId": …, "role": …}]
  mappings jsonb not null default '[]' check (jsonb_typeof(mappings) = 'array'),
  default_role text check (default_role in ('member', 'reviewer', 'admin')),
  just_in_time boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  seal bytea not null check (length(seal) = 32),
  check (tenant_id is not null or default_role is null)
);
create index connections_tenant on control.connections (tenant_id);
grant select, insert, delete on control.connections to casemate_server;
grant update (name, state, settings, domains, mappings, default_role, just_in_time, updated_at, seal)
  on control.connections to casemate_server;

-- What a connection shows its directory: ciphertext under the platform's key, as the seeds of apps are.
create table control.connection_secrets (
  connection_id uuid primary key references control.connections (id) on delete cascade,
  value text not null
);
grant select, insert, update, delete on control.connection_secrets to casemate_server;

-- Whom a subject of a connection is here. Of the subject there is an HMAC alone.
create table control.external_identities (
  connection_id uuid not null references control.connections (id) on delete cascade,
  subject bytea not null check (length(subject) = 32),
  account_id uuid not null references control.accounts (id) on delete cascade,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  seal bytea not null check (length(seal) = 32),
  primary key (connection_id, subject),
  unique (connection_id, account_id)
);
create index external_identities_account on control.external_identities (account_id);
grant select, insert, delete on control.external_identities to casemate_server;
grant update (last_used_at) on control.external_identities to casemate_server;

-- Many may claim a domain; one has shown that it is its own. Null for the platform.
create table control.email_domains (
  id uuid primary key,
  tenant_id uuid references control.tenants (id),
  domain text not null check (domain = lower(domain) and length(domain) between 3 and 253),
  -- What the DNS must say.
  challenge text not null check (length(challenge) = 43),
  created_at timestamptz not null default now(),
  proven_at timestamptz,
  proven_by text check (proven_by in ('dns', 'administrator')),
  seal bytea check (length(seal) = 32),
  unique nulls not distinct (tenant_id, domain),
  check ((proven_at is null) = (seal is null) and (proven_at is null) = (proven_by is null))
);
create unique index email_domains_proven on control.email_domains (domain) where proven_at is not null;
grant select, insert, delete on control.email_domains to casemate_server;
grant update (proven_at, proven_by, seal) on control.email_domains to casemate_server;

-- How the people of a tenant sign in. The one account keeps its password where single sign-on alone is let in.
create table control.tenant_sign_in (
  tenant_id uuid primary key references control.tenants (id),
  sso_only boolean not null default false,
  break_glass uuid references control.accounts (id) on delete set null
);
grant select, insert, delete on control.tenant_sign_in to casemate_server;
grant update (sso_only, break_glass) on control.tenant_sign_in to casemate_server;

-- Sign-ins that are under way at a provider. Everything in them is an HMAC; gone once they were used.
create table control.sign_in_flows (
  hash bytea primary key check (length(hash) = 32),
  connection_id uuid not null references control.connections (id) on delete cascade,
  purpose text not null check (purpose in ('sign-in', 'test', 'link')),
  -- Whose test or link it is.
  session_id uuid references control.sessions (id) on delete cascade,
  -- HMAC of what the browser holds that began it.
  browser bytea not null check (length(browser) = 32),
  expires_at timestamptz not null,
  seal bytea not null check (length(seal) = 32)
);
create index sign_in_flows_expires on control.sign_in_flows (expires_at);
grant select, insert, delete on control.sign_in_flows to casemate_server;

-- What a provider said once and nobody may say again (a logout token, an assertion), until it has run out.
create table control.spent_assertions (
  hash bytea primary key check (length(hash) = 32),
  expires_at timestamptz not null
);
create index spent_assertions_expires on control.spent_assertions (expires_at);
grant select, insert, delete on control.spent_assertions to casemate_server;

-- Which connection opened a session. One of a tenant opens that tenant alone, whatever else the account
-- may do; nothing changes these after the insert. No foreign keys: what names them must not become null.
alter table control.sessions
  add column connection_id uuid,
  add column only_tenant uuid,
  -- HMAC of the provider's own name of the session.
  add column provider_session bytea check (length(provider_session) = 32),
  add constraint only_tenant_by_connection check (only_tenant is null or connection_id is not null);
create index sessions_connection on control.sessions (connection_id) where connection_id is not null and ended_at is null;

-- A challenge after the directory's word remembers it: its answer opens the session that this would have.
alter table control.factor_challenges
  add column connection_id uuid,
  add column only_tenant uuid,
  add column provider_session bytea check (length(provider_session) = 32);

alter table control.accounts drop constraint accounts_email_verified_by_check;
alter table control.accounts add constraint accounts_email_verified_by_check
  check (email_verified_by in ('mail', 'handed_over', 'host', 'directory'));
