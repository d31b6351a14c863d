import type { Patient } from '../../doctor/patient.ts';
import { databaseSql } from './database-sql.ts';

export type SlowQuery = {
  query: string;
  role: string;
  calls: number;
  totalMs: number;
  meanMs: number;
  maxMs: number;
  rows: number;
  plan: string[];
};

/**
 * The twenty statements that took the most time, from pg_stat_statements, and the plan of each. The view
 * keeps $1, $2 where values were, and EXPLAIN (GENERIC_PLAN) plans without any: no parameter is read.
 * Nothing runs: each statement is only planned, as the role that ran it and in its schema, one statement
 * at a time, all of it within fifteen seconds in a transaction that is rolled back, the view included.
 */
const SLOW = `begin;
set local statement_timeout = '15s';
set local lock_timeout = '2s';
create schema casemate_support;
create temporary table slow_queries (query text, role text, calls bigint, total double precision,
  longest double precision, rows bigint, plan text[]) on commit drop;
do $support$
declare
  view_schema text := (select namespace.nspname from pg_extension extension
    join pg_namespace namespace on namespace.oid = extension.extnamespace
    where extension.extname = 'pg_stat_statements');
  -- These two work in every tenant's schema: any of them shows their plans.
  some_tenant text := (select quote_ident(min(nspname::text)) from pg_namespace where nspname ~ '^tenant_');
  slow record;
  line text;
  lines text[];
begin
  if view_schema is null then
    create extension pg_stat_statements schema casemate_support;
    view_schema := 'casemate_support';
  end if;
  for slow in execute format($q$
    select statement.query, (array_agg(account.rolname::text order by statement.total_exec_time desc))[1] as role,
      sum(statement.calls)::bigint as calls, sum(statement.total_exec_time) as total,
      max(statement.max_exec_time) as longest, sum(statement.rows)::bigint as rows
    from %I.pg_stat_statements statement
    join pg_roles account on account.oid = statement.userid
    where statement.dbid = (select database.oid from pg_database database where database.datname = current_database())
      and not account.rolsuper
    group by statement.query order by 4 desc limit 20 $q$, view_schema)
  loop
    lines := array[]::text[];
    if slow.query !~* '^\\s*(select|insert|update|delete|with|merge)\\M' or slow.query ~ ';' then
      lines := array['not planned: no statement that can be planned alone'];
    else
      begin
        perform set_config('search_path',
          case when slow.role ~ '^tenant_' then quote_ident(slow.role)
            when slow.role in ('casemate_auditor', 'casemate_rekeyer') then coalesce(some_tenant, 'control')
            else 'control' end || ', pg_catalog', true);
        perform set_config('role', slow.role, true);
        for line in execute 'explain (generic_plan) ' || slow.query loop
          lines := lines || line;
        end loop;
        perform set_config('role', 'none', true);
      exception when others then
        lines := array['not planned: ' || sqlstate || ' ' || sqlerrm];
      end;
      perform set_config('search_path', 'pg_catalog', true);
    end if;
    insert into pg_temp.slow_queries values (slow.query, slow.role, slow.calls, slow.total, slow.longest, slow.rows, lines);
  end loop;
end
$support$;
select coalesce(json_agg(json_build_object('query', query, 'role', role, 'calls', calls,
  'totalMs', round(total::numeric, 1), 'meanMs', round((total / greatest(calls, 1))::numeric, 3),
  'maxMs', round(longest::numeric, 1), 'rows', rows, 'plan', to_json(plan)) order by total desc), '[]')
from pg_temp.slow_queries;
rollback;
`;

export async function listSlowQueries(patient: Patient): Promise<SlowQuery[]> {
  return JSON.parse(await databaseSql(patient, SLOW)) as SlowQuery[];
}
