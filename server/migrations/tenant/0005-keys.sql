-- Rotation of the tenant's keys. A new data key is `next` until every process can open what it
-- seals, then `current`; an older one is `old` until no field is under it, then `retired`, and gone.
-- {{tenant}} is the schema and the role, {{tenant_id}} the id's literal.

alter table data_keys add column promoted_at timestamptz;
alter table data_keys add column retired_at timestamptz;
alter table data_keys drop constraint data_keys_state_check;
alter table data_keys add constraint data_keys_state_check
  check (state in ('next', 'current', 'old', 'retired'));
update data_keys set promoted_at = created_at where state = 'current';

-- Fields are moved to a new key by a role of its own: it sees keys of rows and ciphertext, of all
-- people of the tenant, and no other column. Without the tenant's proof it sees no row.
grant usage on schema {{tenant}} to casemate_rekeyer;
create policy rekeyer on conversations to casemate_rekeyer
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
create policy rekeyer on messages to casemate_rekeyer
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
create policy rekeyer on message_citations to casemate_rekeyer
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
create policy rekeyer on message_events to casemate_rekeyer
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
grant select (id, title), update (title) on conversations to casemate_rekeyer;
grant select (id, content), update (content) on messages to casemate_rekeyer;
grant select (message_id, n, quote), update (quote) on message_citations to casemate_rekeyer;
grant select (message_id, id, data), update (data) on message_events to casemate_rekeyer;

-- What people and the model wrote is never plain text, whoever writes it.
alter table conversations add constraint keys_title check (title ~ '^cm1\.[0-9]{1,9}\.');
alter table messages add constraint keys_content check (content ~ '^cm1\.[0-9]{1,9}\.');
alter table message_citations add constraint keys_quote check (quote ~ '^cm1\.[0-9]{1,9}\.');
alter table message_events add constraint keys_data check (data ~ '^cm1\.[0-9]{1,9}\.');
