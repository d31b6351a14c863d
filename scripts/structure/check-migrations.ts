import type { Finding, SourceFile } from './source-file.ts';
import { splitSql, type SqlStatement } from './split-sql.ts';

/**
 * ISO-10, before anything runs: each table that a tenant migration creates has a tenant id, tied to its schema, a
 * grant, row security enabled and forced, and a policy, all in the same file. The live check on the catalog
 * stands beside the migrations.
 */
export function checkTenantTables(migrations: readonly SourceFile[]): Finding[] {
  return migrations.flatMap((file) => {
    const statements = splitSql(file.text);
    return statements.flatMap((statement) => {
      const table = /^create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?([\w."]+)/i.exec(
        statement.text,
      )?.[1];
      // A partition's rows are guarded by the table it belongs to, which is also the one queried.
      if (!table || /\bpartition\s+of\b/i.test(statement.text)) return [];
      return tableFaults(table, statement, statements).map(
        (fault) => `${file.path}:${statement.line} table ${table} ${fault}`,
      );
    });
  });
}

function tableFaults(table: string, create: SqlStatement, all: readonly SqlStatement[]): string[] {
  const faults: string[] = [];
  const altered = all
    .filter(({ text }) => startsWith(text, `alter table ${table}`))
    .map(({ text }) => text.toLowerCase().replace(/\s+/g, ' '));
  if (!/\btenant_id\s+uuid\s[^,]*\b(?:not\s+null|primary\s+key)\b/i.test(create.text)) {
    faults.push('has no "tenant_id uuid … not null"');
  }
  // The row belongs to the schema it stands in: an insert with another tenant's id fails.
  if (!/check\s*\(\s*tenant_id\s*=\s*\{\{tenant_id\}\}\s*\)/i.test(create.text)) {
    faults.push('does not tie tenant_id to its schema: check (tenant_id = {{tenant_id}})');
  }
  if (!all.some(({ text }) => isGrantOn(text, table))) faults.push('is granted to no role');
  if (!altered.some((text) => text.includes('enable row level security'))) {
    faults.push('does not ENABLE row level security');
  }
  if (!altered.some((text) => text.includes('force row level security'))) {
    faults.push('does not FORCE row level security');
  }
  if (!all.some(({ text }) => isPolicyOn(text, table))) {
    faults.push('has no policy that compares tenant_id with control.tenant()');
  }
  return faults;
}

const isPolicyOn = (text: string, table: string): boolean =>
  new RegExp(`^create\\s+policy\\s+[\\w"]+\\s+on\\s+${table.replaceAll('.', '\\.')}\\s`, 'i').test(
    text,
  ) &&
  /\btenant_id\b/i.test(text) &&
  /\bcontrol\.tenant\(\)/i.test(text);

const isGrantOn = (text: string, table: string): boolean =>
  /^grant\s[^]*?\son\s+(?:table\s+)?([^]*?)\sto\s/i
    .exec(text)?.[1]
    ?.split(',')
    .some((name) => name.trim().toLowerCase() === table.toLowerCase()) ?? false;

const startsWith = (text: string, words: string): boolean =>
  `${text.toLowerCase().replace(/\s+/g, ' ')} `.startsWith(`${words.toLowerCase()} `);

/** The first file that may meet a tenant which nobody can prove: it holds its own seal. */
const FIRST_WITH_SEALS = 7;
const CHANGES_ROWS = /^\s*(?:update\s+\w+\s+set|delete\s+from|insert\s+into|truncate)\b/im;

/**
 * Under forced row security a migration changes no row of a sealed tenant, without a word. So tenant
 * migrations change tables; rows are changed by a job, which waits until the tenant is open.
 */
export function checkRowChanges(migrations: readonly SourceFile[]): Finding[] {
  return migrations
    .filter(({ path }) => Number(/(\d{4})-[^/]*$/.exec(path)?.[1]) >= FIRST_WITH_SEALS)
    .flatMap((file) => {
      const line = file.text.split('\n').findIndex((text) => CHANGES_ROWS.test(text));
      return line < 0
        ? []
        : [
            `${file.path}:${line + 1} changes rows, which a sealed tenant does not let: bring a job`,
          ];
    });
}
