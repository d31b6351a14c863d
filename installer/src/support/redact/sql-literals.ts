/**
 * Values in what PostgreSQL logs: an error shows the statement with the literals that it held, and the
 * row or key that it was about. An entry begins with its time; what follows belongs to it.
 */
export function replaceLogLiterals(text: string, onHit: () => void): string {
  return text
    .split(/(?<=\n)(?=\d{4}-\d{2}-\d{2} )/)
    .map((entry) => {
      const at = /(?:STATEMENT|QUERY|CONTEXT|DETAIL|HINT|ERROR|FATAL|LOG|WARNING):\s/.exec(entry);
      if (!at) return entry;
      const start = at.index + at[0].length;
      return entry.slice(0, start) + replaceLiterals(entry.slice(start), onHit);
    })
    .join('');
}

const LITERAL = /'(?:[^']|'')*(?:'|$)/g;
const DOLLAR = /\$(\w{0,30})\$[\s\S]*?(?:\$\1\$|$)/g;
const KEY = /(Key \([^\n]{0,400}?\)=)\([^\n]*\)/g;
const ROW = /(Failing row contains )\([\s\S]*\)/g;
const INPUT = /(invalid [\w ]{1,60}|value|token|at or near|out of range)(: | )"[^"\n]*"/gi;

/** Literals of one statement; one that has no end reaches to the end. */
export function replaceLiterals(text: string, onHit: () => void): string {
  const hit = (by: string): string => {
    onHit();
    return by;
  };
  return text
    .replace(DOLLAR, (all, tag: string) => (/^\$\d/.test(all) ? all : hit(`$${tag}$?$${tag}$`)))
    .replace(LITERAL, (all) => (all === "'?'" ? all : hit("'?'")))
    .replace(KEY, (_all, head: string) => hit(`${head}(?)`))
    .replace(ROW, (_all, head: string) => hit(`${head}(?)`))
    .replace(INPUT, (_all, what: string, sign: string) => hit(`${what}${sign}"?"`));
}
