-- The key of an upload that waits for its reader, in the tier that holds its own seal. It stood at the
-- head of the file, where a rotation of the data key did not reach it. {{tenant_id}} is the id's literal.
alter table documents add column upload_key text;

do $$
begin
  if (select tier from control.tenants where id = {{tenant_id}}) <> 'sealed' then return; end if;
  alter table documents add constraint keys_upload_key check (upload_key ~ '^cm1\.[0-9]{1,9}\.');
  grant select (upload_key), update (upload_key) on documents to casemate_rekeyer;
end $$;
