import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tempDir } from '../../components/testing/temp-dir.ts';
import { unpack } from '../../components/unpack.ts';
import { packTree } from './pack-tree.ts';

function makeTree(
  names: readonly string[],
  { mode, time }: { mode: number; time: number },
): string {
  const dir = tempDir();
  for (const name of names) {
    const file = path.join(dir, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, name.repeat(500));
    chmodSync(file, mode);
    utimesSync(file, time, time);
  }
  symlinkSync('b/long', path.join(dir, 'link'));
  return dir;
}

describe('packing a tree', () => {
  const names = ['a', `b/${'deep/'.repeat(25)}x`, 'b/long'];

  it('gives the same bytes whenever, wherever and in whatever order the files were made', async () => {
    const one = makeTree(names, { mode: 0o600, time: 1_000_000_000 });
    const other = makeTree([...names].reverse(), { mode: 0o664, time: 1_700_000_000 });
    for (const format of ['tar.gz', 'tar.zst'] as const) {
      const packed = await Promise.all(
        [one, other].map((dir) => packTree(dir, path.join(tempDir(), 'x'), format)),
      );
      expect(packed[0]).toEqual(packed[1]);
    }
  });

  it('is unpacked by a stock tar, links and long names too', async () => {
    const dir = makeTree(names, { mode: 0o755, time: 1_000_000_000 });
    const file = path.join(tempDir(), 'x.tar.gz');
    await packTree(dir, file, 'tar.gz');
    const to = await unpack(file, { format: 'tar.gz', root: '.' }, path.join(tempDir(), 'to'));
    expect(execFileSync('diff', ['-r', '--no-dereference', dir, to], { encoding: 'utf8' })).toBe(
      '',
    );
    expect(readFileSync(path.join(to, 'link'), 'utf8')).toBe('b/long'.repeat(500));
  });
});
