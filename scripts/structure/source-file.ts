/** One tracked file: its path from the repository's root, with forward slashes, and its text. */
export type SourceFile = { path: string; text: string };

/** What a check found: a file (and line) with the rule that it breaks, ready to print. */
export type Finding = string;

export const isTest = (path: string): boolean =>
  /\.test\.tsx?$/.test(path) || /(^|\/)tests\//.test(path);

/** Made by a tool, not written: never counted, never judged. */
export const isGenerated = (path: string): boolean =>
  path === 'package-lock.json' || path.endsWith('/schema.d.ts');

export const isCode = (path: string): boolean =>
  !isGenerated(path) && (/\.(ts|tsx|js|mjs|sql|sh|css)$/.test(path) || isCommand(path));

/** The two bash programs that carry no extension because people type their names. */
const isCommand = (path: string): boolean =>
  path === 'installer/bin/casemate' || path.startsWith('scripts/hooks/');
