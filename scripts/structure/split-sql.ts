/** One SQL statement without its comments, and the line it begins on. */
export type SqlStatement = { text: string; line: number };

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$|;|[^]/g;

/**
 * Splits a migration at its semicolons. Comments fall away; strings and the dollar-quoted bodies of
 * functions stay whole, so that a semicolon inside them ends nothing.
 */
export function splitSql(sql: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let text = '';
  let line = 1;
  let start = 1;
  for (const [token] of sql.matchAll(TOKEN)) {
    const comment = token.startsWith('--') || token.startsWith('/*');
    if (!text.trim() && token.trim() && !comment) start = line;
    line += token.split('\n').length - 1;
    if (token === ';') {
      if (text.trim()) statements.push({ text: text.trim(), line: start });
      text = '';
    } else text += comment ? ' ' : token;
  }
  if (text.trim()) statements.push({ text: text.trim(), line: start });
  return statements;
}
