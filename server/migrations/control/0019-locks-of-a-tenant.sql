-- Locks that a tenant's transaction takes, by the tenant that it has proven and no other's: whoever
-- injects SQL there can hold up that tenant alone. The functions of the database itself, which take any
-- number, are no longer anybody's (bootstrap.sql). Without a proof nothing is locked.

create function control.lock_counts() returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$ select pg_advisory_xact_lock(hashtextextended('knowledge:' || control.tenant(), 0)) $$;

-- True when this transaction is the tenant's only sequencer until it ends.
create function control.try_lock_log() returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$ select coalesce(pg_try_advisory_xact_lock(hashtextextended('log:' || control.tenant(), 0)), false) $$;

revoke execute on function control.lock_counts(), control.try_lock_log() from public;
grant execute on function control.lock_counts() to casemate_tenants;
grant execute on function control.try_lock_log() to casemate_auditor;
