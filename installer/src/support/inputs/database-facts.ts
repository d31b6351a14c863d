import type { Patient } from '../../doctor/patient.ts';
import { databaseSql } from './database-sql.ts';

/** Sizes, settings and counts; no row of any tenant is read. */
const FACTS = `set statement_timeout = '15s';
select json_build_object(
  'version', version(),
  'bytes', pg_database_size(current_database()),
  'startedAt', pg_postmaster_start_time(),
  'settings', (select json_object_agg(name, setting) from pg_settings where source not in ('default', 'override', 'client', 'session')),
  'extensions', (select json_object_agg(extname, extversion) from pg_extension),
  'connections', (select json_object_agg(coalesce(state, 'background'), count) from
    (select state, count(*) from pg_stat_activity group by state) by_state),
  'waiting', (select count(*) from pg_locks where not granted),
  'longestTransactionSeconds', (select coalesce(max(extract(epoch from now() - xact_start)), 0)::int from pg_stat_activity where xact_start is not null),
  'tenants', (select json_object_agg(state, count) from (select state, count(*) from control.tenants group by state) by_state),
  'jobs', (select json_object_agg(state, count) from (select state::text, count(*) from control.jobs group by 1) by_state),
  'tables', (select json_agg(one order by (one->>'bytes')::bigint desc) from (
    select json_build_object('table', relname, 'schemas', count(*), 'bytes', sum(pg_total_relation_size(relid)),
      'live', sum(n_live_tup), 'dead', sum(n_dead_tup), 'sequentialScans', sum(seq_scan)) as one
    from pg_stat_user_tables group by relname order by sum(pg_total_relation_size(relid)) desc limit 40) largest));`;

export async function readDatabaseFacts(patient: Patient): Promise<unknown> {
  return JSON.parse(await databaseSql(patient, FACTS));
}
