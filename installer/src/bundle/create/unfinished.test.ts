import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tempDir } from '../../components/testing/temp-dir.ts';
import { publish, withUnfinished } from './unfinished.ts';

describe('a bundle in the making', () => {
  it('leaves nothing behind when it fails, nor what a killed run left', async () => {
    const out = tempDir();
    mkdirSync(path.join(out, '.unfinished-999999999-abc', 'files'), { recursive: true });
    const failing = withUnfinished(out, (dir) => {
      writeFileSync(path.join(dir, 'half'), 'half');
      return Promise.reject(new Error('no room'));
    });
    await expect(failing).rejects.toThrow('no room');
    expect(readdirSync(out)).toEqual([]);
  });

  it('lets another one that is being made alone', async () => {
    const out = tempDir();
    const other = path.join(out, `.unfinished-${process.ppid}-abc`);
    mkdirSync(other);
    await withUnfinished(out, () => Promise.resolve());
    expect(existsSync(other)).toBe(true);
  });

  it('takes the place of one of the same name in other parts, and of no other', async () => {
    const [from, out] = [tempDir(), tempDir()];
    for (const name of ['x.tar.001', 'x.tar.002', 'x.sums', 'xy.tar'])
      writeFileSync(path.join(out, name), 'old');
    for (const name of ['x.tar', 'x.sums']) writeFileSync(path.join(from, name), 'new');
    await publish(from, out, 'x');
    expect(readdirSync(out).sort()).toEqual(['x.sums', 'x.tar', 'xy.tar']);
    expect(readFileSync(path.join(out, 'x.sums'), 'utf8')).toBe('new');
  });
});
