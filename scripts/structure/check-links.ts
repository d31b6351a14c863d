import path from 'node:path';
import type { Finding, SourceFile } from './source-file.ts';

/** Links between pages lead somewhere. Pictures and other sites are not looked at. */
export function checkLinks(files: readonly SourceFile[], paths: readonly string[]): Finding[] {
  const known = new Set(paths.flatMap((file) => [file, ...foldersOf(file)]));
  return files
    .filter((file) => file.path.endsWith('.md'))
    .flatMap((file) =>
      file.text.split('\n').flatMap((line, at) =>
        [...line.matchAll(/(?<!!)\[[^\]]+\]\(([^)#\s]+)[^)]*\)/g)]
          .map(([, target = '']) => target)
          .filter((target) => !/^[a-z]+:/.test(target))
          .filter((target) => !known.has(path.posix.join(path.posix.dirname(file.path), target)))
          .map((target) => `${file.path}:${at + 1} leads nowhere: ${target}`),
      ),
    );
}

function foldersOf(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_part, at) => parts.slice(0, at + 1).join('/'));
}
