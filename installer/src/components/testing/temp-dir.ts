import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';

const made: string[] = [];

afterAll(() => made.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

/** A folder of its own for a test, removed after the file's last one. */
export function tempDir(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'casemate-components-'));
  made.push(dir);
  return dir;
}
