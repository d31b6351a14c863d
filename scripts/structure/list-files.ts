import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { SourceFile } from './source-file.ts';

/**
 * Paths of the working tree that are tracked or about to be (everything not ignored), sorted.
 * What was deleted but not yet committed is left out.
 */
export function listFiles(root: string): string[] {
  const list = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 },
  );
  return [...new Set(list.split('\0').filter(Boolean))]
    .filter((file) => existsSync(path.join(root, file)))
    .filter((file) => statSync(path.join(root, file)).isFile())
    .sort();
}

/** The text of the listed files; what holds a zero byte is no text and is left out. */
export function readFiles(root: string, files: readonly string[]): SourceFile[] {
  return files
    .map((file) => ({ path: file, text: readFileSync(path.join(root, file), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'));
}
