-- What a directory wrote of people is ciphertext now, under the platform's key; user_name is the row's id then,
-- external_id null and attributes empty. Equal names are found by an HMAC. Rows of before are written anew by the
-- server (scim/encrypt-people.ts): where user_name is not the id the row is still in clear.

alter table control.directory_users
  add column person text,
  add column name_index bytea check (length(name_index) = 32),
  add column external_index bytea check (length(external_index) = 32);
create unique index directory_users_name_index on control.directory_users (tenant_id, name_index)
  where deleted_at is null;
create index directory_users_external_index on control.directory_users (tenant_id, external_index);
create index directory_users_in_clear on control.directory_users (id) where user_name <> id::text;
grant update (person, name_index, external_index) on control.directory_users to casemate_server;
