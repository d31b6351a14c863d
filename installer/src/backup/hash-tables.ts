import type { TableHash } from './manifest.ts';

type Run = (sql: string) => Promise<string>;

/** One statement per table, which psql runs as they come. */
const hashAll = `select format(
    $hash$select %L, count(*), coalesce(sum(substr(h, 1, 8)::bigint), 0),
      coalesce(sum(substr(h, 9, 8)::bigint), 0)
      from (select sha256(record_send(t)) as h from %I.%I t) hashed$hash$,
    n.nspname || '.' || c.relname, n.nspname, c.relname)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname <> 'information_schema'
    and n.nspname !~ '^pg_' and (:'schema' = '' or n.nspname = :'schema')
  order by n.nspname, c.relname \\gexec`;

/**
 * Hashes of all rows of all tables (of one schema, if it is named), in the snapshot of the caller's
 * transaction. Unlogged tables are left out: no backup holds them. record_send is the row as it is
 * stored, so equal sums mean equal bytes.
 */
export async function hashTables(run: Run, schema = ''): Promise<TableHash[]> {
  await run(`\\set schema '${schema}'`);
  const rows = await run(hashAll);
  return rows
    .split('\n')
    .filter(Boolean)
    .map((row) => {
      const [table = '', count = '', first = '', second = ''] = row.split('|');
      return { table, rows: Number(count), sums: `${first}:${second}` };
    });
}

/** The tables whose rows are not those that were noted. */
export function findDifferences(
  noted: readonly TableHash[],
  found: readonly TableHash[],
): string[] {
  const now = new Map(found.map(({ table, rows, sums }) => [table, `${rows} ${sums}`]));
  const then = new Map(noted.map(({ table, rows, sums }) => [table, `${rows} ${sums}`]));
  const names = new Set([...now.keys(), ...then.keys()]);
  return [...names].filter((name) => now.get(name) !== then.get(name)).sort();
}
