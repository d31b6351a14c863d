-- A factor, or a recovery code, that was made in a session of a tenant's own directory counts where that
-- directory's word does (decision 46). Written with the row; nobody may update it.
alter table control.account_factors add column only_tenant uuid;
alter table control.recovery_codes add column only_tenant uuid;

-- The seal of an account says it, too: of those without it is the seal of before.
create or replace function control.factor_facts(account uuid) returns text
language sql stable set search_path = pg_catalog, pg_temp
as $$
  select string_agg(factor.id || ':' || factor.kind || ':' || coalesce(encode(factor.credential_id, 'hex'), '')
      || ':' || coalesce(encode(factor.public_key, 'hex'), '') || coalesce(':' || factor.only_tenant, ''),
    ',' order by factor.id)
  from control.account_factors factor
  where factor.account_id = account and factor.confirmed_at is not null
$$;
revoke execute on function control.factor_facts(uuid) from public;
grant execute on function control.factor_facts(uuid) to casemate_server;
