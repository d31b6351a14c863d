import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const tailBytes = 256 * 1024;

/** The last lines of a file, read from its end. */
export function lastLines(file: string, count: number): string[] {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const from = Math.max(0, size - tailBytes);
    const buffer = Buffer.alloc(size - from);
    readSync(descriptor, buffer, 0, buffer.length, from);
    const lines = buffer.toString('utf8').split('\n').filter(Boolean);
    return count === 0 ? [] : lines.slice(-count);
  } finally {
    closeSync(descriptor);
  }
}

type Followed = { id: string; file: string };

/** Calls back for each new line, across rotations, until the process ends. */
export async function followFiles(
  files: readonly Followed[],
  onLine: (id: string, line: string) => void,
): Promise<never> {
  const positions = files.map((followed) => ({
    ...followed,
    ...identify(followed.file),
    rest: '',
  }));
  for (;;) {
    await sleep(250);
    for (const position of positions) {
      const now = identify(position.file);
      if (now.inode !== position.inode) Object.assign(position, { inode: now.inode, size: 0 });
      if (now.size <= position.size) continue;
      const text = position.rest + readRange(position.file, position.size, now.size);
      position.size = now.size;
      const lines = text.split('\n');
      position.rest = lines.pop() ?? '';
      for (const line of lines) onLine(position.id, line);
    }
  }
}

function identify(file: string): { inode: number; size: number } {
  const found = statSync(file, { throwIfNoEntry: false });
  return { inode: found?.ino ?? 0, size: found?.size ?? 0 };
}

function readRange(file: string, from: number, to: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(to - from);
    const read = readSync(descriptor, buffer, 0, buffer.length, from);
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(descriptor);
  }
}
