import { isTest, type Finding, type SourceFile } from './source-file.ts';

const READ = /\bprocess\s*(\.\s*env\b|\[\s*['"]env['"]\s*\])|\benv\b[^;\n]*}\s*=\s*process\b/;

/** One reader of the environment for each program. Tests hand it on to what they start. */
export function checkEnvironment(
  files: readonly SourceFile[],
  readers: readonly string[],
): Finding[] {
  return files
    .filter(({ path }) => /\.(ts|tsx|js)$/.test(path) && !isTest(path) && !readers.includes(path))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, at) =>
          READ.test(line) ? [`${path}:${at + 1} reads the environment`] : [],
        ),
    );
}
