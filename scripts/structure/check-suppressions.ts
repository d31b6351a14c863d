import type { Finding, SourceFile } from './source-file.ts';

const WORDS = [
  'eslint-disable',
  'prettier-ignore',
  '@ts-expect-error',
  'istanbul ignore',
  'shellcheck disable',
];
const NEVER = ['@ts-ignore', '@ts-nocheck'];

/** A rule may be broken only where the same line says why (`-- reason`, or words after the mark). */
export function checkSuppressions(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => /\.(ts|tsx|js|css|sh)$/.test(path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, at) => {
        if (!/^\s*(\/\/|\/\*|\*|#|\{\/\*)|\/\/|\/\*/.test(line)) return [];
        const place = `${path}:${at + 1}`;
        if (NEVER.some((word) => commentHas(line, word))) {
          return [`${place} silences the compiler for good; use @ts-expect-error with a reason`];
        }
        const word = WORDS.find((candidate) => commentHas(line, candidate));
        return word && !hasReason(line, word) ? [`${place} ${word} without a reason`] : [];
      }),
    );
}

/** A suppression opens its comment; the word inside a sentence or a string is just a word. */
function commentHas(line: string, word: string): boolean {
  const before = line.slice(0, Math.max(line.indexOf(word), 0));
  const insideString = (before.match(/['"`]/g) ?? []).length % 2 === 1;
  return /(\/\/|\/\*|#)\s*$/.test(before) && !insideString;
}

function hasReason(line: string, word: string): boolean {
  const rest = line.slice(line.indexOf(word) + word.length);
  const reason = rest.includes('--') ? rest.slice(rest.indexOf('--') + 2) : rest;
  const needsDashes = word.startsWith('eslint') && !rest.includes('--');
  return (
    !needsDashes &&
    reason
      .replace(/\*\/|}/g, '')
      .trim()
      .split(/\s+/).length >= 2
  );
}
