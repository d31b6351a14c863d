import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { casemate } from './plugin.ts';
import { restrictedImports, restrictedSyntax } from './restricted-syntax.ts';

/** Lints one piece of text with the project's own rules alone; gives the messages. For tests. */
export function lintSample(code: string, file = 'server/src/chat/sample.tsx'): string[] {
  const linter = new Linter();
  const messages = linter.verify(
    code,
    {
      files: ['**/*.tsx'],
      languageOptions: {
        parser: tseslint.parser,
        parserOptions: { ecmaFeatures: { jsx: true } },
      },
      plugins: { casemate },
      rules: {
        'casemate/no-environment-reads': 'error',
        'casemate/no-string-built-sql': 'error',
        'casemate/room-boundaries': 'error',
        'no-restricted-syntax': ['error', ...restrictedSyntax],
        'no-restricted-imports': ['error', restrictedImports],
      },
    },
    { filename: file },
  );
  return messages.map(({ message }) => message);
}
