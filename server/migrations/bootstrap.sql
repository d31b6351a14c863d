-- Run by the installer as superuser in the database `casemate`, at install and at each upgrade;
-- running it again changes nothing. Needs the psql variables server_password, provisioner_password
-- and migrator_password (a SCRAM verifier or a password), given on standard input.

\set ON_ERROR_STOP on
begin;

-- Three accounts that sign in, and two groups that don't.
select format('create role %I', name)
from unnest(array['casemate_migrator', 'casemate_provisioner', 'casemate_server',
                  'casemate_auditor', 'casemate_tenants']) as name
where not exists (select from pg_roles where rolname = name)
\gexec

alter role casemate_migrator with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'migrator_password';
alter role casemate_provisioner with login nosuperuser nocreatedb createrole noreplication nobypassrls password :'provisioner_password';
alter role casemate_server with login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'server_password';
alter role casemate_auditor with nologin nosuperuser nobypassrls;
alter role casemate_tenants with nologin nosuperuser nobypassrls;

-- The provisioner makes schemas that the migrator owns, and puts tenant roles into their group.
grant casemate_migrator to casemate_provisioner with inherit false, set true;
grant casemate_tenants to casemate_provisioner with admin option, inherit false, set false;
grant casemate_tenants to casemate_auditor with inherit true, set false;
-- The server may become the auditor (for the sequencer) and, later, each tenant's role.
grant casemate_auditor to casemate_server with inherit false, set true;

revoke all on database casemate from public;
grant connect on database casemate to casemate_server, casemate_provisioner, casemate_migrator;
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

alter role casemate_server set idle_in_transaction_session_timeout = '30s';
alter role casemate_server set statement_timeout = '60s';
alter role casemate_server set jit = off;

commit;
