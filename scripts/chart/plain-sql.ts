/**
 * bootstrap.sql for whoever runs SQL without psql, as the CloudNativePG operator does: `\\gexec` becomes
 * a loop, and what depends on variables of psql is left out. Throws on a command that it doesn't know.
 */
export function plainSql(text: string): string {
  const lines = text
    .replace(/^\\if [\s\S]*?^\\endif\n/gm, '')
    .replace(/^\\set ON_ERROR_STOP on\n/gm, '')
    .split('\n');
  const out: string[] = [];
  for (const line of lines) {
    if (line === '\\gexec') out.push(...loopOver(takeStatement(out)));
    else if (line.startsWith('\\')) throw new Error(`A command of psql stands in the way: ${line}`);
    else out.push(line);
  }
  return out.join('\n');
}

/** The lines of the statement that ends here: statements begin at the margin. */
function takeStatement(lines: string[]): string[] {
  const start = lines.findLastIndex((line) => /^select /.test(line));
  if (start < 0) throw new Error('\\gexec stands behind no select');
  return lines.splice(start);
}

const loopOver = (statement: readonly string[]): string[] => [
  'do $each$ declare statement text; begin',
  `for statement in ${statement.join('\n')} loop execute statement; end loop;`,
  'end $each$;',
];
