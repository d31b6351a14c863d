-- Keys of access tokens that are accepted no more: known to every process that reaches the database,
-- though the key service be out of reach, or be restored from a time when it held them.

create table control.withdrawn_keys (
  -- Of the public half (RFC 7638, SHA-256), as base64url.
  thumbprint text primary key check (thumbprint ~ '^[A-Za-z0-9_-]{43}$'),
  withdrawn_at timestamptz not null default now()
);

grant select on control.withdrawn_keys to casemate_server;
grant select, insert (thumbprint) on control.withdrawn_keys to casemate_provisioner;
