import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { tempDir } from './testing/temp-dir.ts';
import { withLock } from './with-lock.ts';

const dir = tempDir();

describe('withLock', () => {
  it('never lets two in at once, not even when both find a dead holder', async () => {
    const lockDir = path.join(dir, 'shared');
    mkdirSync(lockDir);
    writeFileSync(path.join(lockDir, '999999999.1'), '');
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await sleep(5);
      inside--;
    };
    const quiet = { onWait: () => undefined };
    await Promise.all([1, 2, 3, 4].map(() => withLock(lockDir, quiet, work)));
    expect(most).toBe(1);
  });

  it('stops waiting when it is told to, and leaves the lock to its holder', async () => {
    const lockDir = path.join(dir, 'held');
    const stop = new AbortController();
    await withLock(lockDir, { onWait: () => undefined }, async () => {
      const onWait = () => stop.abort();
      const waiting = withLock(lockDir, { onWait, signal: stop.signal }, async () => 'in');
      await expect(waiting).rejects.toThrow('aborted');
      expect(readdirSync(lockDir)).toHaveLength(1);
    });
    expect(readdirSync(dir)).not.toContain('held');
  });

  it('takes over the lock of a process whose number another process has now', async () => {
    const lockDir = path.join(dir, 'reused');
    mkdirSync(lockDir);
    writeFileSync(path.join(lockDir, `${process.pid}.1`), '');
    const entered = await withLock(lockDir, { onWait: () => undefined }, async () => 'in');
    expect(entered).toBe('in');
  });

  it('gives the lock back when the work fails', async () => {
    const lockDir = path.join(dir, 'failed');
    const fail = () => Promise.reject(new Error('broken'));
    await expect(withLock(lockDir, { onWait: () => undefined }, fail)).rejects.toThrow('broken');
    expect(readdirSync(dir)).not.toContain('failed');
  });
});
