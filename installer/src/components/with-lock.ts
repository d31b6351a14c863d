import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  unlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

type LockOptions = { onWait: (pid: number) => void; signal?: AbortSignal | undefined };

/**
 * Runs `work` while this process alone holds the folder `lockDir`; a dead holder's lock is taken
 * over. The lock is a folder with one file named for its holder, renamed into place whole: it never
 * exists without its holder's name, and a takeover removes exactly the dead holder's file, so that
 * two waiters cannot both win. Holders in other PID namespaces cannot be told from dead ones.
 */
export async function withLock<T>(
  lockDir: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const holder = `${process.pid}.${await startTime(process.pid)}`;
  await mkdir(path.dirname(lockDir), { recursive: true });
  const offer = await mkdtemp(`${lockDir}-offer-`);
  await writeFile(path.join(offer, holder), '');
  try {
    for (let waited = false; !(await take(offer, lockDir)); waited = true) {
      const pid = await findHolder(lockDir);
      if (pid === undefined) continue;
      if (!waited) options.onWait(pid);
      await sleep(200, undefined, { signal: options.signal });
    }
  } catch (error) {
    await rm(offer, { recursive: true, force: true });
    throw error;
  }
  try {
    return await work();
  } finally {
    // Not a recursive removal: between the two calls the lock may already be another's.
    await unlink(path.join(lockDir, holder)).catch(() => undefined);
    await rmdir(lockDir).catch(() => undefined);
  }
}

/** Renaming onto a folder succeeds only while that folder is empty or absent. */
async function take(offer: string, lockDir: string): Promise<boolean> {
  try {
    await rename(offer, lockDir);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

/** The process that lives and holds the lock, or nothing; a dead holder's lock is free afterwards. */
export async function findHolder(lockDir: string): Promise<number | undefined> {
  const [holder] = await readdir(lockDir).catch(() => []);
  if (holder === undefined) return undefined;
  const [pid, started] = holder.split('.');
  if ((await startTime(Number(pid))) === started) return Number(pid);
  await unlink(path.join(lockDir, holder)).catch(() => undefined);
  return undefined;
}

/** Field 22 of proc(5) stat tells a process from a later one that got its number; '' when none. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
