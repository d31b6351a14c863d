-- The last statement of a tenant's transaction: whoever read or changed no row because the tenant was
-- closed in between learns that, and nothing that it wrote before stays.
create function control.require_open() returns void
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$ begin
  if control.tenant() is null then
    raise exception 'this tenant is closed' using errcode = 'CM001';
  end if;
end $$;
revoke execute on function control.require_open() from public;
grant execute on function control.require_open() to casemate_tenants;
