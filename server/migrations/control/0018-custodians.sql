-- Who makes and takes the key shares of a tenant that holds its own seal: one person, named when the
-- tenant is made, for good. Another administrator, and whoever runs the platform, has no part in it.
create table control.seal_custodians (
  tenant_id uuid primary key references control.tenants (id),
  account_id uuid not null references control.accounts (id),
  -- Whether the custodian ran the platform when named; the tenant's people are told.
  operator boolean not null,
  named_at timestamptz not null default now(),
  taken_at timestamptz,
  unique (tenant_id, account_id)
);
grant select, insert, update (taken_at) on control.seal_custodians to casemate_server;

-- What was asked for and not taken is encrypted to a browser; what was never opened holds nothing.
delete from control.seal_ceremonies;
alter table control.seal_ceremonies add constraint asked_by_the_custodian
  foreign key (tenant_id, account_id) references control.seal_custodians (tenant_id, account_id);

-- Shares that were taken are the tenant's for good: no second making replaces them.
create function control.keep_taken_shares() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$ begin
  if tg_table_name = 'seal_custodians' then
    if old.taken_at is not null and new.taken_at is distinct from old.taken_at then
      raise exception 'the key shares of this tenant were taken already';
    end if;
  elsif exists (select from control.seal_custodians custodian
                where custodian.tenant_id = new.tenant_id and custodian.taken_at is not null) then
    raise exception 'the key shares of this tenant were taken already';
  end if;
  return new;
end $$;
revoke execute on function control.keep_taken_shares() from public;
create trigger keep_taken_shares before update on control.seal_custodians
  for each row execute function control.keep_taken_shares();
create trigger keep_taken_shares before insert or update of account_id, public_key
  on control.seal_ceremonies for each row execute function control.keep_taken_shares();
