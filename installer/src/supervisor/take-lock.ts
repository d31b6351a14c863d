import { createHash } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';

/**
 * At most one supervisor per instance. The lock is a socket in Linux' abstract namespace: the
 * kernel drops it with the process, however it ends, so it can't be left behind. Null: taken.
 */
export async function takeLock(runDir: string): Promise<net.Server | null> {
  const digest = createHash('sha256').update(runDir).digest('hex').slice(0, 32);
  const lock = net.createServer((socket) => socket.destroy());
  lock.listen(`\0casemate-supervisor-${digest}`);
  try {
    await once(lock, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw error;
  }
  return lock;
}
