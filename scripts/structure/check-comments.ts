import type { Finding, SourceFile } from './source-file.ts';

/** Work left undone belongs in an issue, not in the code. Built here so as not to find itself. */
const UNDONE = new RegExp(
  `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`,
);

/** Finds notes of unfinished work in any text that is tracked. */
export function checkUnfinished(files: readonly SourceFile[]): Finding[] {
  return files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, at) =>
        UNDONE.test(line) ? [`${path}:${at + 1} unfinished work is an issue`] : [],
      ),
  );
}
