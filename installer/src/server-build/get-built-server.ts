import { existsSync } from 'node:fs';
import path from 'node:path';
import { withLock } from '../components/with-lock.ts';
import { buildServer, type ServerBuild } from './build-server.ts';

/** Written last, so that a tree that has it is whole. */
export const completeFile = 'casemate-server.json';

export type WantedServer = Omit<ServerBuild, 'target'> & { version: string; cacheDir: string };

/** Names the tree of one build; the same sources are built once. */
export function serverFolder({ version, checksum }: { version: string; checksum: string }): string {
  return `server-${version}-${checksum.slice(0, 16)}`;
}

/** The built server of a checkout, out of the cache or built now. Gives its folder. */
export async function getBuiltServer(wanted: WantedServer): Promise<string> {
  const cached = path.join(wanted.cacheDir, 'servers', serverFolder(wanted));
  if (existsSync(path.join(cached, completeFile))) return cached;
  const onWait = (pid: number) => wanted.progress(`waiting for the build of process ${pid}`);
  // Two installations from one checkout would write to the same dist.
  await withLock(path.join(wanted.cacheDir, 'servers', '.lock'), { onWait }, async () => {
    if (!existsSync(path.join(cached, completeFile)))
      await buildServer({ ...wanted, target: cached });
  });
  return cached;
}
