import type { Finding, SourceFile } from './source-file.ts';
import { splitSql } from './split-sql.ts';

/**
 * ISO-10, ISO-11: a function that runs with its owner's rights pins its search_path with pg_temp
 * last (else a temporary table can stand in for a real one), and the same file takes EXECUTE from
 * PUBLIC, which PostgreSQL gives by default.
 */
export function checkDefinerFunctions(migrations: readonly SourceFile[]): Finding[] {
  return migrations.flatMap((file) => {
    const statements = splitSql(file.text);
    return statements.flatMap(({ text, line }) => {
      const name = /^create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+([\w."]+)/i.exec(
        text,
      )?.[1];
      if (!name) return [];
      const head = text.replace(/\$([A-Za-z_]*)\$[\s\S]*?\$\1\$/g, ' ');
      if (!/\bsecurity\s+definer\b/i.test(head)) return [];
      const place = `${file.path}:${line} definer function ${name}`;
      const later = statements.filter((other) => other.line > line).map((other) => other.text);
      return [
        ...(pinsSearchPath(head) ? [] : [`${place} does not pin search_path with pg_temp last`]),
        ...(later.some((other) => revokesFromPublic(other, name))
          ? []
          : [`${place} leaves EXECUTE to PUBLIC`]),
      ];
    });
  });
}

function pinsSearchPath(head: string): boolean {
  const path =
    /\bset\s+search_path\s*(?:=|to)\s*([\w$",\s]+?)(?=\s+(?:as|language|begin|return|security|stable|immutable|volatile|parallel|strict|cost|set)\b|$)/i.exec(
      head,
    )?.[1];
  return path?.split(',').at(-1)?.trim().toLowerCase() === 'pg_temp';
}

function revokesFromPublic(text: string, name: string): boolean {
  const words = text.toLowerCase().replace(/\s+/g, ' ');
  if (!/^revoke (all|execute)( privileges)? on .* from public\b/.test(words)) return false;
  const schema = name.toLowerCase().split('.')[0] ?? '';
  return (
    words.includes(` ${name.toLowerCase()}`) ||
    words.includes(`on all functions in schema ${schema} `)
  );
}
