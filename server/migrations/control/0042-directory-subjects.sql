-- Under which id a directory that is asked by the server knows somebody, so that it can be asked later whether
-- they are there still. Ciphertext under the platform's key; who reads the database alone learns nobody's id.

create table control.directory_subjects (
  connection_id uuid not null,
  account_id uuid not null,
  value text not null,
  primary key (connection_id, account_id),
  foreign key (connection_id, account_id)
    references control.external_identities (connection_id, account_id) on delete cascade
);
grant select, insert, update on control.directory_subjects to casemate_server;
