import { rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { instancePaths } from '../instance/paths.ts';
import { defaultPlan, type BackupContext } from './plan.ts';
import { note } from './state.ts';
import { archiveLog, listSpool, superuser } from './wal-archive.ts';

const GIB = 1024 ** 3;

type Room = { spooled: number; free: number; limitGiB: number };

/**
 * The database must not stop because a target is away: what waits is given up beyond its limit, or when it
 * takes the last of the disk. Pure.
 */
export function isTooMuch({ spooled, free, limitGiB }: Room): boolean {
  return spooled > limitGiB * GIB || (spooled > GIB / 4 && free < GIB);
}

/** Throws the waiting log away when it is too much, and ends it until the next backup begins a new one. */
export async function boundSpool(context: BackupContext): Promise<void> {
  const { layout, plan } = context;
  const { walSpoolDir } = instancePaths(layout);
  const names = await listSpool(walSpoolDir);
  let spooled = 0;
  for (const name of names) spooled += (await stat(path.join(walSpoolDir, name))).size;
  const { bavail, bsize } = await statfs(walSpoolDir);
  const limitGiB = plan.spoolGiB ?? defaultPlan.spoolGiB ?? 0;
  if (!isTooMuch({ spooled, free: bavail * bsize, limitGiB })) return;
  await note(layout, (state) => ({ ...state, gap: new Date().toISOString() }));
  await archiveLog(superuser(context), 0);
  for (const name of await listSpool(walSpoolDir))
    await rm(path.join(walSpoolDir, name), { force: true });
}
