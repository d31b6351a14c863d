import { isCode, type Finding, type SourceFile } from './source-file.ts';

const MEDIAN = 60;
const NINE_IN_TEN = 200;
const MOST = 400;

/**
 * Counts the lines of every file of code: TypeScript, SQL, shell and style sheets, tests included,
 * what tools generate excluded. Blank lines and comments count; prose (Markdown) and data do not.
 */
export function checkSizes(files: readonly SourceFile[]): Finding[] {
  const sizes = files
    .filter(({ path }) => isCode(path))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .sort((a, b) => a.lines - b.lines);
  const findings = sizes
    .filter(({ lines }) => lines > MOST)
    .map(({ path, lines }) => `${path} has ${lines} lines, more than ${MOST}`);
  const median = sizes[Math.floor(sizes.length / 2)]?.lines ?? 0;
  if (median > MEDIAN) findings.push(`The median file has ${median} lines, more than ${MEDIAN}`);
  const long = sizes.filter(({ lines }) => lines > NINE_IN_TEN);
  if (long.length > sizes.length / 10) {
    findings.push(
      `${long.length} of ${sizes.length} files have more than ${NINE_IN_TEN} lines, more than one ` +
        `in ten: ${long.map(({ path, lines }) => `${path} (${lines})`).join(', ')}`,
    );
  }
  return findings;
}
