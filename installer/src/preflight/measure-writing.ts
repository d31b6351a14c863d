import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { WritingSpeed } from './host.ts';

const mebibyte = 1_048_576;
const longestMs = 1000;
const mostMebibytes = 128;
const rounds = 16;

/**
 * Writes for a second at most into a file of its own and removes it: throughput in blocks of one
 * mebibyte, and the median of 8 KiB pages that are each brought to the disk, as a database does.
 */
export async function measureWriting(dir: string): Promise<WritingSpeed | { error: string }> {
  const file = path.join(dir, `.casemate-preflight-${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      const syncMilliseconds = await medianSync(handle);
      return { mebibytesPerSecond: await throughput(handle), syncMilliseconds };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { error: (error as NodeJS.ErrnoException).code ?? 'unknown' };
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}

async function medianSync(handle: FileHandle): Promise<number> {
  const page = randomBytes(8192);
  const times: number[] = [];
  const started = performance.now();
  while (times.length < rounds && performance.now() - started < longestMs) {
    const before = performance.now();
    await handle.write(page, 0, page.length, times.length * page.length);
    await handle.datasync();
    times.push(performance.now() - before);
  }
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
}

async function throughput(handle: FileHandle): Promise<number> {
  // Random, because some disks make less work of zeros.
  const block = randomBytes(mebibyte);
  const started = performance.now();
  let written = 0;
  while (written < mostMebibytes && performance.now() - started < longestMs) {
    await handle.write(block, 0, mebibyte, written * mebibyte);
    written += 1;
  }
  await handle.datasync();
  return written / ((performance.now() - started) / 1000);
}
