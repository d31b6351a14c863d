-- Run by the installer as superuser in the database `casemate`, at install and at each upgrade;
-- running it again changes nothing. Needs the psql variables server_password, provisioner_password
-- and migrator_password (a SCRAM verifier or a password), given on standard input.

\set ON_ERROR_STOP on
begin;

-- Three accounts that sign in (the server's as several roles: one for the control schema, and one for
-- each bucket of a thousand tenants, which may become a tenant's role and can read nothing by itself),
-- and two groups that don't. A role pays for each of its memberships at its first SET ROLE.
select format('create role %I', name)
from unnest(array['casemate_migrator', 'casemate_provisioner', 'casemate_server', 'casemate_auditor',
                  'casemate_tenants']
            || array(select 'casemate_server_' || bucket from generate_series(0, 15) as bucket)) as name
where not exists (select from pg_roles where rolname = name)
\gexec

alter role casemate_migrator with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'migrator_password';
alter role casemate_provisioner with login nosuperuser nocreatedb createrole noreplication nobypassrls password :'provisioner_password';
alter role casemate_server with login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'server_password';
select format('alter role %I with login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls password %L',
              'casemate_server_' || bucket, :'server_password')
from generate_series(0, 15) as bucket
\gexec
alter role casemate_auditor with nologin nosuperuser nobypassrls;
alter role casemate_tenants with nologin nosuperuser nobypassrls;

-- The provisioner makes schemas that the migrator owns, and puts tenant roles into their group.
grant casemate_migrator to casemate_provisioner with inherit false, set true;
grant casemate_tenants to casemate_provisioner with admin option, inherit false, set false;
grant casemate_tenants to casemate_auditor with inherit true, set false;
-- Only the roles of the buckets may become the auditor (for the sequencer) and their tenants' roles;
-- what is injected into a tenant's statement then finds no grant to go back to.
select format('grant casemate_auditor to %I with inherit false, set true', 'casemate_server_' || bucket)
from generate_series(0, 15) as bucket
\gexec

revoke all on database casemate from public;
grant connect on database casemate to casemate_server, casemate_provisioner, casemate_migrator;
select format('grant connect on database casemate to %I', 'casemate_server_' || bucket)
from generate_series(0, 15) as bucket
\gexec
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
alter role casemate_provisioner set track_activities = off;
select format('alter role %I set %s', name, setting)
from unnest(array['casemate_server']
            || array(select 'casemate_server_' || bucket from generate_series(0, 15) as bucket)) as name,
     unnest(array['track_activities = off', 'idle_in_transaction_session_timeout = ''30s''',
                  'statement_timeout = ''60s''', 'jit = off']) as setting
\gexec

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
