import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ParseErrorCode } from '../parse-error.ts';
import type { ParseLimits } from '../parse-limits.ts';
import { watchMemory } from './watch-memory.ts';

/** How a child came to its end, and what it said. */
export interface ChildEnd {
  /** The limit that it broke, when that is why it was killed. */
  killedFor: ParseErrorCode | undefined;
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  /** The first 8 KiB. */
  stderr: string;
}

const STDERR_BYTES = 8 * 1024;

/** Waits for a child, and kills its whole group when it breaks a limit or the caller gives up. */
export async function runChild(
  child: ChildProcess,
  limits: Pick<ParseLimits, 'memoryBytes' | 'timeMs' | 'outputBytes'>,
  signal?: AbortSignal,
): Promise<ChildEnd> {
  let killedFor: ParseErrorCode | undefined;
  const kill = (code?: ParseErrorCode): void => {
    killedFor ??= code;
    killGroup(child.pid);
  };
  const abort = (): void => kill();
  const timer = setTimeout(() => kill('timeout'), limits.timeMs);
  const endWatch = child.pid
    ? watchMemory(child.pid, limits.memoryBytes, () => kill('out_of_memory'))
    : undefined;
  signal?.addEventListener('abort', abort, { once: true });
  const stdout = collect(child.stdout, limits.outputBytes, () => kill('too_large'));
  const stderr = collect(child.stderr, STDERR_BYTES);
  try {
    const { exitCode, endSignal } = await ended(child);
    return { killedFor, exitCode, signal: endSignal, stdout: stdout(), stderr: stderr() };
  } finally {
    clearTimeout(timer);
    endWatch?.();
    signal?.removeEventListener('abort', abort);
    // Nothing that it started may outlive it.
    killGroup(child.pid);
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has no member any more.
  }
}

/** Keeps the first bytes of a stream; what goes beyond is thrown away, or ends the child. */
function collect(stream: Readable | null, maxBytes: number, onExceeded?: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else onExceeded?.();
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function ended(
  child: ChildProcess,
): Promise<{ exitCode: number | null; endSignal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, endSignal) => resolve({ exitCode, endSignal }));
  });
}
