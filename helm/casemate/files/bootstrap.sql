-- Run by the installer as superuser in the database `casemate`, at install and at each upgrade;
-- running it again changes nothing. It sets no password: the key service's database engine does that
-- through the account casemate_rotator. A site whose database the engine can't manage runs it with the
-- psql variables server_password, provisioner_password and migrator_password (SCRAM verifiers).

begin;

-- Three accounts that sign in (the server's as several roles: one for the control schema, and one for
-- each bucket of a thousand tenants, which may become a tenant's role and can read nothing by itself),
-- and three groups that don't. A role pays for each of its memberships at its first SET ROLE.
do $each$ declare statement text; begin
for statement in select format('create role %I', name)
from unnest(array['casemate_migrator', 'casemate_provisioner', 'casemate_server', 'casemate_rotator',
                  'casemate_auditor', 'casemate_platform_auditor', 'casemate_rekeyer', 'casemate_tenants']
            || array(select 'casemate_server_' || bucket from generate_series(0, 15) as bucket)) as name
where not exists (select from pg_roles where rolname = name) loop execute statement; end loop;
end $each$;

alter role casemate_migrator with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role casemate_provisioner with login nosuperuser nocreatedb createrole noreplication nobypassrls;
alter role casemate_server with login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
do $each$ declare statement text; begin
for statement in select format('alter role %I with login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls',
              'casemate_server_' || bucket)
from generate_series(0, 15) as bucket loop execute statement; end loop;
end $each$;
alter role casemate_rotator with login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls connection limit 5;
alter role casemate_auditor with nologin nosuperuser nobypassrls;
alter role casemate_platform_auditor with nologin nosuperuser nobypassrls;
alter role casemate_rekeyer with nologin nosuperuser nobypassrls;
alter role casemate_tenants with nologin nosuperuser nobypassrls;

-- The provisioner makes schemas that the migrator owns, and puts tenant roles into their group.
grant casemate_migrator to casemate_provisioner with inherit false, set true;
grant casemate_tenants to casemate_provisioner with admin option, inherit false, set false;
grant casemate_tenants to casemate_auditor, casemate_rekeyer with inherit true, set false;
-- The server's own role, in which no tenant's statement runs, sequences the platform's log.
grant casemate_platform_auditor to casemate_server with inherit false, set true;
-- Only the roles of the buckets may become the auditor (for the sequencer), the rekeyer (which moves
-- fields to a new key and sees ciphertext alone) and their tenants' roles;
-- what is injected into a tenant's statement then finds no grant to go back to.
do $each$ declare statement text; begin
for statement in select format('grant casemate_auditor, casemate_rekeyer to %I with inherit false, set true', 'casemate_server_' || bucket)
from generate_series(0, 15) as bucket loop execute statement; end loop;
end $each$;

revoke all on database casemate from public;
grant connect on database casemate to casemate_server, casemate_provisioner, casemate_migrator;
do $each$ declare statement text; begin
for statement in select format('grant connect on database casemate to %I', 'casemate_server_' || bucket)
from generate_series(0, 15) as bucket loop execute statement; end loop;
end $each$;
grant create on database casemate to casemate_migrator;
revoke all on schema public from public;

-- What the key service's database engine may do, and no more: give an account that signs in a new
-- password, as a verifier. CREATEROLE would let it make roles and change others as well.
grant connect on database casemate to casemate_rotator;
create schema if not exists casemate_rotation;
grant usage on schema casemate_rotation to casemate_rotator;
create or replace function casemate_rotation.set_password(account text, verifier text)
returns void language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$ begin
  if account !~ '^casemate_(migrator|provisioner|server(_\d{1,2})?)$' then
    raise exception 'the rotator does not manage the account %', account using errcode = '42501';
  end if;
  if verifier !~ '^SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' then
    raise exception 'only a SCRAM verifier is taken' using errcode = '22023';
  end if;
  execute format('alter role %I password %L', account, verifier);
end $$;
revoke execute on function casemate_rotation.set_password(text, text) from public;
grant execute on function casemate_rotation.set_password(text, text) to casemate_rotator;

-- After a theft: ends what was opened with a password of before. The caller's own session stays.
grant usage on schema casemate_rotation to casemate_provisioner;
create or replace function casemate_rotation.end_sessions(begun_before timestamptz)
returns integer language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$ begin
  if begun_before > now() then
    raise exception 'only sessions that have begun are ended' using errcode = '22023';
  end if;
  return (select count(*) filter (where pg_terminate_backend(activity.pid))
          from pg_stat_activity activity
          where activity.usename ~ '^casemate_(rotator|migrator|provisioner|server(_\d{1,2})?)$'
            and activity.backend_start < begun_before and activity.pid <> pg_backend_pid());
end $$;
revoke execute on function casemate_rotation.end_sessions(timestamptz) from public;
grant execute on function casemate_rotation.end_sessions(timestamptz) to casemate_provisioner;

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
do $each$ declare statement text; begin
for statement in select format('alter role %I set %s', name, setting)
from unnest(array['casemate_server']
            || array(select 'casemate_server_' || bucket from generate_series(0, 15) as bucket)) as name,
     unnest(array['track_activities = off', 'idle_in_transaction_session_timeout = ''30s''',
                  'statement_timeout = ''60s''', 'jit = off']) as setting loop execute statement; end loop;
end $each$;

-- Functions that no program needs and that injected SQL would: those that run a text as a query or
-- show other sessions, end them, take locks by a number that is anybody's, tell how much the tables of
-- others hold, or keep objects past a tenant.
do $$
declare
  unneeded regprocedure;
begin
  for unneeded in
    select function.oid from pg_proc function
    where function.pronamespace = 'pg_catalog'::regnamespace
      and (function.proname = any (array[
             'ts_stat', 'pg_stat_get_activity', 'pg_terminate_backend', 'pg_cancel_backend',
             'pg_logical_emit_message', 'loread', 'lowrite', 'pg_lock_status', 'pg_blocking_pids',
             'pg_safe_snapshot_blocking_pids', 'pg_isolation_test_session_is_blocked'])
           or (function.proname = 'ts_rewrite' and function.pronargs = 2)
           or function.proname ~ '^lo_|^be_lo_|_to_xml|^pg_(try_)?advisory_(xact_)?lock'
           or function.proname ~ '^pg_stat_(get|have)_|^pg_(relation|table|total_relation|indexes|database|tablespace)_size$')
  loop
    execute format('revoke execute on function %s from public', unneeded);
  end loop;
end $$;
-- Whoever watches the database for the site may see what all did before.
do $each$ declare statement text; begin
for statement in select format('grant execute on function %s to pg_monitor', function.oid::regprocedure)
from pg_proc function
where function.pronamespace = 'pg_catalog'::regnamespace
  and function.proname ~ '^pg_stat_(get|have)_|^pg_(relation|table|total_relation|indexes|database|tablespace)_size$|^pg_lock_status$|^pg_blocking_pids$' loop execute statement; end loop;
end $each$;
-- What a tenant's transaction locks it locks through functions that know the tenant by its proof. These
-- roles belong to no tenant, and no login role of tenants may become one of them.
grant execute on function pg_catalog.pg_advisory_lock(bigint), pg_catalog.pg_advisory_xact_lock(bigint),
  pg_catalog.pg_try_advisory_xact_lock(bigint), pg_catalog.pg_relation_size(regclass),
  pg_catalog.pg_relation_size(regclass, text) to casemate_migrator;
grant execute on function pg_catalog.pg_advisory_xact_lock(bigint),
  pg_catalog.pg_advisory_xact_lock_shared(bigint) to casemate_provisioner;
grant execute on function pg_catalog.pg_advisory_xact_lock(bigint), pg_catalog.pg_try_advisory_lock(bigint),
  pg_catalog.pg_try_advisory_xact_lock(bigint) to casemate_server;
grant execute on function pg_catalog.pg_try_advisory_xact_lock(bigint) to casemate_platform_auditor;

-- The catalog of tables without the estimates of how much they hold. Plans are made without asking
-- for privileges; the roles that look after the database keep the whole.
revoke select on pg_catalog.pg_class from public;
do $each$ declare statement text; begin
for statement in select format('grant select (%s) on pg_catalog.pg_class to public',
              string_agg(quote_ident(attribute.attname), ', ' order by attribute.attnum))
from pg_attribute attribute
where attribute.attrelid = 'pg_catalog.pg_class'::regclass and not attribute.attisdropped
  and (attribute.attnum > 0 or attribute.attname = 'tableoid')
  and attribute.attname <> all (array['relpages', 'reltuples', 'relallvisible', 'relallfrozen']) loop execute statement; end loop;
end $each$;
grant select on pg_catalog.pg_class to casemate_migrator, casemate_provisioner, pg_monitor;

commit;
