import type { Finding, SourceFile } from './source-file.ts';
import { splitSql } from './split-sql.ts';

type Rule = { what: string; breaks: (words: string) => boolean; tenantsOnly?: true };

/** What no migration may do, whatever it is for: each would open a wall that the others lean on. */
const RULES: readonly Rule[] = [
  {
    what: 'grants something to PUBLIC',
    // Columns of the catalog say what any client of PostgreSQL may know anyway: bootstrap.sql alone.
    breaks: (words) => /^grant\b.*\bto\s(?:[\w", ]*,\s*)?public\b/.test(words),
  },
  {
    what: 'gives a role rights above row security',
    breaks: (words) =>
      /^(?:alter|create) (?:role|user)\b.*(?<!no)\b(?:superuser|bypassrls|replication)\b/.test(
        words,
      ),
  },
  {
    what: 'switches row security off',
    breaks: (words) => /\b(?:disable|no force) row level security\b/.test(words),
  },
  {
    // A table of the platform has no tenant to compare with; who may do what stands in its policies.
    tenantsOnly: true,
    what: 'lets a policy pass every row',
    breaks: (words) => /^create policy\b.*\b(?:using|with check)\s*\(\s*true\s*\)/.test(words),
  },
  {
    what: 'drops or replaces the function that says whose rows are open',
    breaks: (words) => /^drop function\b.*\bcontrol\.(?:tenant|require_open)\b/.test(words),
  },
  {
    what: 'makes a view that runs with the rights of its owner (with (security_invoker))',
    breaks: (words) =>
      /^create (?:or replace )?view\b/.test(words) &&
      !/security_invoker\s*(?:=\s*(?:true|on)|\))/.test(words),
  },
  {
    what: 'grants the right to truncate, refer to or put triggers on a table',
    breaks: (words) =>
      /^grant\b[^()]*\b(?:truncate|references|trigger|all)\b.* on (?!schema|function|all functions|sequence)/.test(
        words,
      ),
  },
  {
    what: 'sets default privileges for PUBLIC',
    breaks: (words) => /^alter default privileges\b.*\bgrant\b.*\bto public\b/.test(words),
  },
];

/** ISO-01, ISO-02, ISO-10: refuses a migration that opens what the schema closes. */
export function checkGrants(migrations: readonly SourceFile[]): Finding[] {
  return migrations.flatMap((file) =>
    splitSql(file.text).flatMap(({ text, line }) => {
      const words = text
        .toLowerCase()
        .replace(/'(?:[^']|'')*'/g, "''")
        .replace(/\s+/g, ' ');
      const tenant = /(?:^|\/)tenant\//.test(file.path);
      return RULES.filter(
        ({ breaks, tenantsOnly }) => (tenant || !tenantsOnly) && breaks(words),
      ).map(({ what }) => `${file.path}:${line} ${what}`);
    }),
  );
}
