-- Run by the installer as superuser in the database `casemate`, at install and at each upgrade;
-- running it again changes nothing. Needs the psql variables server_password, provisioner_password
-- and migrator_password (a SCRAM verifier or a password), given on standard input.

\set ON_ERROR_STOP on
begin;

-- Three accounts that sign in (the server's as two roles: one for the control schema, and one that
-- may become a tenant's role and can read nothing by itself), and two groups that don't.
select format('create role %I', name)
from unnest(array['casemate_migrator', 'casemate_provisioner', 'casemate_server',
                  'casemate_server_0', 'casemate_auditor', 'casemate_tenants']) as name
where not exists (select from pg_roles where rolname = name)
\gexec

alter role casemate_migrator with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'migrator_password';
alter role casemate_provisioner with login nosuperuser nocreatedb createrole noreplication nobypassrls password :'provisioner_password';
alter role casemate_server with login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'server_password';
alter role casemate_server_0 with login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'server_password';
alter role casemate_auditor with nologin nosuperuser nobypassrls;
alter role casemate_tenants with nologin nosuperuser nobypassrls;

-- The provisioner makes schemas that the migrator owns, and puts tenant roles into their group.
grant casemate_migrator to casemate_provisioner with inherit false, set true;
grant casemate_tenants to casemate_provisioner with admin option, inherit false, set false;
grant casemate_tenants to casemate_auditor with inherit true, set false;
-- Only the second of the server's roles may become the auditor (for the sequencer) and each tenant's
-- role; what is injected into a tenant's statement then finds no grant to go back to.
grant casemate_auditor to casemate_server_0 with inherit false, set true;

revoke all on database casemate from public;
grant connect on database casemate to casemate_server, casemate_server_0, casemate_provisioner, casemate_migrator;
grant create on database casemate to casemate_migrator;
revoke all on schema public from public;

create extension if not exists vector with schema public;
create extension if not exists pg_trgm with schema public;
create extension if not exists unaccent with schema public;
grant usage on schema public to casemate_tenants, casemate_migrator;

-- Row security hides an index from any operator that is not leakproof. These few are marked, which
-- is safe because each tenant table holds one tenant's rows only: what an error could tell is the
-- reader's own. Full text (@@) and case-insensitive search in names (~~*).
alter function pg_catalog.ts_match_vq(tsvector, tsquery) leakproof;
alter function pg_catalog.texticlike(text, text) leakproof;

-- Other sessions' statements are nobody's business: a statement text could be read by injected SQL.
alter role casemate_server set track_activities = off;
alter role casemate_server_0 set track_activities = off;
alter role casemate_provisioner set track_activities = off;
alter role casemate_server set idle_in_transaction_session_timeout = '30s';
alter role casemate_server_0 set idle_in_transaction_session_timeout = '30s';
alter role casemate_server set statement_timeout = '60s';
alter role casemate_server_0 set statement_timeout = '60s';
alter role casemate_server set jit = off;
alter role casemate_server_0 set jit = off;

-- Functions that no program needs and that injected SQL would: those that run a text as a query or
-- show other sessions, end them, hold locks past the transaction, or keep objects past a tenant.
do $$
declare
  unneeded regprocedure;
begin
  for unneeded in
    select function.oid from pg_proc function
    where function.pronamespace = 'pg_catalog'::regnamespace
      and (function.proname = any (array[
             'ts_stat', 'pg_stat_get_activity', 'pg_terminate_backend', 'pg_cancel_backend',
             'pg_advisory_lock', 'pg_advisory_lock_shared', 'pg_try_advisory_lock',
             'pg_try_advisory_lock_shared', 'pg_logical_emit_message', 'loread', 'lowrite'])
           or (function.proname = 'ts_rewrite' and function.pronargs = 2)
           or function.proname ~ '^lo_|^be_lo_|_to_xml')
  loop
    execute format('revoke execute on function %s from public', unneeded);
  end loop;
end $$;
grant execute on function pg_catalog.pg_advisory_lock(bigint) to casemate_migrator;

commit;
