import { mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ensureDir, writeFileAtomically } from './write-file.ts';

const place = () => mkdtempSync(path.join(tmpdir(), 'casemate-write-'));

describe('writeFileAtomically', () => {
  it('leaves the old file and no rest when it fails', async () => {
    const dir = place();
    const file = path.join(dir, 'a');
    writeFileSync(file, 'old');
    const owner = { uid: -5, gid: -5 };
    await expect(writeFileAtomically(file, 'new', { mode: 0o600, owner })).rejects.toThrow();
    expect(readdirSync(dir)).toEqual(['a']);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });

  it('gives exactly the rights asked for, whatever the umask', async () => {
    const dir = place();
    const before = process.umask(0o077);
    await writeFileAtomically(path.join(dir, 'a'), 'x', { mode: 0o644 }).finally(() =>
      process.umask(before),
    );
    expect(statSync(path.join(dir, 'a')).mode & 0o777).toBe(0o644);
  });
});

describe('ensureDir', () => {
  it('narrows a directory that was open to all', async () => {
    const dir = path.join(place(), 'a', 'b');
    await ensureDir(dir, { mode: 0o755 });
    await ensureDir(dir, { mode: 0o700 });
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  });
});
