-- Codes that are sent to phones. The digits stand nowhere: they are drawn from the row under a key that the
-- database does not know. A number is kept as HMAC, to count what is sent to it; it is no reference to the
-- factor, so that a number that is removed and added again is counted on.
create table control.sms_codes (
  id uuid primary key,
  account_id uuid not null references control.accounts (id) on delete cascade,
  factor_id uuid not null,
  -- HMAC of the challenge that it answers; null to confirm a new number.
  challenge bytea check (length(challenge) = 32),
  number_hash bytea not null check (length(number_hash) = 32),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  wrong integer not null default 0,
  sent_at timestamptz,
  -- Taken, replaced by another, wrong too often, or not sent.
  ended_at timestamptz
);
create index sms_codes_created on control.sms_codes (created_at);
create index sms_codes_account on control.sms_codes (account_id);
grant select, insert, delete on control.sms_codes to casemate_server;
grant update (wrong, sent_at, ended_at) on control.sms_codes to casemate_server;
