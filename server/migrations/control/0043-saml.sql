-- What a SAML provider answered, until the page of sign-in hands it over: a page of the provider posts it
-- from another site, where the browser sends no cookie of ours along. Ciphertext, under HMACs, for a minute,
-- and one at a time for a sign-in that was begun.

create table control.kept_answers (
  -- The hash of its sign_in_flows.
  flow bytea primary key check (length(flow) = 32),
  handle bytea not null unique check (length(handle) = 32),
  value text not null check (length(value) <= 600000),
  expires_at timestamptz not null
);
create index kept_answers_expires on control.kept_answers (expires_at);
grant select, insert, delete on control.kept_answers to casemate_server;
grant update (handle, value, expires_at) on control.kept_answers to casemate_server;

-- How a SAML provider called somebody in one of its sessions, to sign out there by the same name: ciphertext
-- under the platform's key, gone with the last session that it opened here.
create table control.names_at_providers (
  id uuid primary key,
  connection_id uuid not null references control.connections (id) on delete cascade,
  -- HMAC of the provider's own name of the session, as in sessions.
  provider_session bytea not null check (length(provider_session) = 32),
  value text not null check (length(value) <= 8000),
  created_at timestamptz not null default now(),
  unique (connection_id, provider_session)
);
grant select, insert, delete on control.names_at_providers to casemate_server;
grant update (value) on control.names_at_providers to casemate_server;
