import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

/** A process in whose memory a text stands, and how often. */
export type InMemory = { readonly pid: string; readonly program: string; readonly times: number };

const PIECE = 8 << 20;

/** Processes that were started with a text in their environment, with their command lines. */
export function processesWith(environment: string): { pid: string; program: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readOrNothing(`/proc/${pid}/environ`).includes(environment))
    .map((pid) => ({
      pid,
      program: readOrNothing(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim(),
    }));
}

/** Looks for a text in all that these processes may read of their memory, mapped files left out. */
export function searchMemory(
  processes: readonly { pid: string; program: string }[],
  text: string,
): InMemory[] {
  return processes
    .map((process) => ({ ...process, times: countIn(process.pid, Buffer.from(text)) }))
    .filter(({ times }) => times > 0);
}

function countIn(pid: string, wanted: Buffer): number {
  let times = 0;
  for (const [from, to] of areasOf(pid))
    for (let at = from; at < to; at += PIECE) {
      // With what a text that crosses the border needs.
      const size = Math.min(to - at, PIECE + wanted.length - 1);
      times += occurrences(readAt(pid, at, size), wanted);
    }
  return times;
}

/** Address, rights, offset, device, inode, and the name of what is mapped: proc_pid_maps(5). */
function areasOf(pid: string): [number, number][] {
  return readOrNothing(`/proc/${pid}/maps`)
    .split('\n')
    .flatMap((line): [number, number][] => {
      const [area = '', rights = '', , , , name = ''] = line.split(/ +/);
      const [from, to] = area.split('-').map((address) => parseInt(address, 16));
      if (from === undefined || to === undefined || !rights.startsWith('r')) return [];
      return name.startsWith('/') || name === '[vsyscall]' ? [] : [[from, to]];
    });
}

function readAt(pid: string, at: number, size: number): Buffer {
  let memory: number | undefined;
  try {
    memory = openSync(`/proc/${pid}/mem`, 'r');
    const bytes = Buffer.alloc(size);
    return bytes.subarray(0, readSync(memory, bytes, 0, size, at));
  } catch {
    // Given back to the system meanwhile, or the process ended: nothing is there.
    return Buffer.alloc(0);
  } finally {
    if (memory !== undefined) closeSync(memory);
  }
}

function occurrences(bytes: Buffer, wanted: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) count += 1;
  return count;
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
