import { readFile } from 'node:fs/promises';

const INTERVAL_MS = 50;
// Linux counts resident memory in pages.
const PAGE_BYTES = 4096;

/**
 * Calls back once when a process holds more memory than it may. The heap limit of Node sees neither
 * buffers nor native code; on a system without /proc only that limit remains.
 *
 * @returns a function that ends the watch
 */
export function watchMemory(pid: number, maxBytes: number, onExceeded: () => void): () => void {
  const timer = setInterval(() => {
    void residentBytes(pid).then((bytes) => {
      if (bytes <= maxBytes) return;
      clearInterval(timer);
      onExceeded();
    });
  }, INTERVAL_MS);
  return () => clearInterval(timer);
}

async function residentBytes(pid: number): Promise<number> {
  try {
    const [, resident] = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ');
    return Number(resident) * PAGE_BYTES;
  } catch {
    // The process has ended.
    return 0;
  }
}
