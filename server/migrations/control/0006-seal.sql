-- The tier in which the tenant holds its own seal: its key lives in a namespace of the key service that
-- only the tenant's key shares open. While it is sealed, `state` says so and row security opens nothing.

alter table control.tenants
  -- Chosen when the tenant is made and never changed: no role may update it.
  add column tier text not null default 'standard' check (tier in ('standard', 'sealed')),
  -- Null while the namespace is open. A suspended tenant can be sealed as well.
  add column sealed_at timestamptz,
  add column seal_reason text check (seal_reason in ('new', 'person', 'key_service')),
  -- Since when the search index is whole; null while it is dropped or being rebuilt.
  add column indexed_at timestamptz;
alter table control.tenants drop constraint tenants_state_check;
alter table control.tenants add constraint tenants_state_check check
  (state in ('provisioning', 'active', 'sealed', 'suspended', 'failed', 'dropping', 'dropped'));
alter table control.tenants add constraint tenants_sealed check (tier = 'sealed' or sealed_at is null);

drop index control.tenants_unmigrated;
create index tenants_unmigrated on control.tenants (schema_version)
  where state in ('active', 'sealed', 'suspended');

-- Whoever resumes or finishes a tenant whose namespace is sealed finds it sealed, not active.
create function control.keep_sealed() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$ begin
  if new.state = 'active' and new.sealed_at is not null then new.state := 'sealed'; end if;
  if new.state = 'sealed' and new.sealed_at is null then new.state := 'active'; end if;
  return new;
end $$;
revoke execute on function control.keep_sealed() from public;
create trigger keep_sealed before insert or update of state, sealed_at on control.tenants
  for each row execute function control.keep_sealed();
drop trigger tell_change on control.tenants;
create trigger tell_change before insert or update of state, epoch, name, bucket, sealed_at, indexed_at
  on control.tenants for each row execute function control.tell_tenant_change();

grant insert (tier, sealed_at, seal_reason) on control.tenants to casemate_server;
grant update (sealed_at, seal_reason, indexed_at) on control.tenants to casemate_server;

-- The making of a tenant's key shares. The holder's browser draws a key pair; the provisioner encrypts
-- each share to its public half, so that what stands here opens nowhere but in that browser. The row
-- goes when the namespace is opened with the shares for the first time.
create table control.seal_ceremonies (
  tenant_id uuid primary key references control.tenants (id),
  account_id uuid not null references control.accounts (id),
  -- SubjectPublicKeyInfo of an RSA key, for RSA-OAEP with SHA-256.
  public_key bytea not null check (length(public_key) between 294 and 1200),
  shares smallint not null check (shares between 1 and 10),
  threshold smallint not null check (threshold between 1 and shares),
  -- Base64, one for each share; null until the provisioner has made them.
  sealed_shares text[],
  asked_at timestamptz not null default now()
);
grant select, insert, delete on control.seal_ceremonies to casemate_server;
grant update (account_id, public_key, shares, threshold, sealed_shares, asked_at)
  on control.seal_ceremonies to casemate_server;
grant select, update (sealed_shares), delete on control.seal_ceremonies to casemate_provisioner;

drop policy server_asks on control.jobs;
create policy server_asks on control.jobs for insert to casemate_server
  with check (queue = 'provision' and kind in ('tenant.create', 'tenant.drop', 'tenant.seal'));

-- Drops the search index of a sealed tenant: new, empty files take the place of the old ones, which the
-- database unlinks at commit. By id, because a sealed tenant has no proof to show.
create function control.drop_search_index(wanted uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  space text;
begin
  select 'tenant_' || replace(t.id::text, '-', '') into space from control.tenants t
  where t.id = wanted and t.tier = 'sealed' and t.sealed_at is not null
    and t.state in ('sealed', 'suspended');
  if space is null or to_regclass(format('%I.chunk_words', space)) is null then return; end if;
  perform set_config('lock_timeout', '5s', true);
  execute format('truncate %1$I.chunk_words, %1$I.lexemes, %1$I.embeddings, %1$I.search_index', space);
  update control.tenants set indexed_at = null where id = wanted and indexed_at is not null;
end $$;
revoke execute on function control.drop_search_index(uuid) from public;
grant execute on function control.drop_search_index(uuid) to casemate_server;

-- Whether a tenant's search index is empty; for the check of the control and after a crash.
create function control.search_index_bytes(wanted uuid) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  space text := 'tenant_' || replace(wanted::text, '-', '');
  total bigint;
begin
  select coalesce(sum(pg_relation_size(class.oid)), 0) into total
  from pg_class class join pg_namespace room on room.oid = class.relnamespace
  where room.nspname = space
    and class.relname in ('chunk_words', 'lexemes', 'embeddings', 'search_index');
  return total;
end $$;
revoke execute on function control.search_index_bytes(uuid) from public;
grant execute on function control.search_index_bytes(uuid) to casemate_server;
create index tenants_sealed_tier on control.tenants (id) where tier = 'sealed';

-- Sets of shares that opened nothing. Guessing is hopeless; this keeps it out of the key service.
create table control.seal_tries (
  tenant_id uuid primary key references control.tenants (id),
  failures integer not null default 0,
  blocked_until timestamptz not null default '-infinity'
);
grant select, insert, update, delete on control.seal_tries to casemate_server;
