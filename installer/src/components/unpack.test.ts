import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from './run-command.ts';
import { tempDir } from './testing/temp-dir.ts';
import { unpack } from './unpack.ts';

const dir = tempDir();
const gzip = path.join(dir, 'release.tar.gz');
const zstd = path.join(dir, 'release.tar.zst');

beforeAll(async () => {
  mkdirSync(path.join(dir, 'release'));
  writeFileSync(path.join(dir, 'release', 'LICENSE'), 'free');
  await runCommand('tar', ['-czf', gzip, '-C', dir, 'release']);
  await runCommand('tar', ['-cf', path.join(dir, 'plain'), '-C', dir, 'release']);
  writeFileSync(zstd, zstdCompressSync(readFileSync(path.join(dir, 'plain'))));
});

describe('unpack', () => {
  it('refuses an archive without the folder that the lock names', async () => {
    const shape = { format: 'tar.gz', root: 'other' } as const;
    await expect(unpack(gzip, shape, path.join(dir, 'a'))).rejects.toThrow('no folder other');
  });

  it.each([
    ['tar.gz', gzip],
    ['tar.zst', zstd],
  ] as const)('gives the root of a %s', async (format, archive) => {
    const root = await unpack(archive, { format, root: 'release' }, path.join(dir, format));
    expect(readFileSync(path.join(root, 'LICENSE'), 'utf8')).toBe('free');
  });
});
