import { rm } from 'node:fs/promises';
import { runSql, type SuperuserAccess } from '../database/run-sql.ts';
import { withPrivateServer, type PrivateServer } from '../database/with-private-server.ts';
import { Fault } from '../fault.ts';
import { endProcessesWith } from '../host/end-processes.ts';
import { runProgram } from '../host/run-program.ts';
import { waitUntil } from '../host/wait-until.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { InstanceSettings } from '../instance/settings.ts';

type Scratch = {
  layout: InstanceLayout;
  settings: InstanceSettings;
  clusterDir: string;
  /** Works on the cluster itself, and keeps it; otherwise on a copy that is thrown away. */
  inPlace?: boolean;
};

/**
 * Starts a copy of a copied cluster, where nobody but us reaches it, and removes it afterwards. The
 * programs are those of `settings`.
 */
export async function withScratchDatabase<T>(
  { layout, settings, clusterDir, inPlace = false }: Scratch,
  work: (access: SuperuserAccess) => Promise<T>,
): Promise<T> {
  const dir = inPlace ? clusterDir : `${clusterDir}.rehearsal`;
  // What a killed run left, still working there.
  await endProcessesWith(dir);
  if (!inPlace) {
    await rm(dir, { recursive: true, force: true });
    await copyTree(clusterDir, dir);
  }
  const conf = inPlace ? [] : ['fsync=off'];
  const stopBy = inPlace ? ('SIGINT' as const) : ('SIGQUIT' as const);
  try {
    return await withPrivateServer(
      { layout, settings, clusterDir: dir, conf, forPrograms: true, stopBy },
      async (server) => {
        await untilReady(server);
        return work(server.access);
      },
    );
  } finally {
    if (!inPlace) await rm(dir, { recursive: true, force: true });
  }
}

/** With cp(1), which keeps the owners, shares blocks where it can, and is quick with 100,000 files. */
export async function copyTree(from: string, to: string): Promise<void> {
  const { code, stderr } = await runProgram('cp', ['-a', '--reflink=auto', '--', from, to]);
  if (code === 0) return;
  throw new Fault('The copy of the database could not be copied once more', {
    why: stderr.trim().split('\n').at(-1) ?? '',
    next: 'Nothing that runs was changed. See whether the disk is full.',
  });
}

async function untilReady({ access, hasEnded, log }: PrivateServer): Promise<void> {
  const answers = () =>
    runSql(access, 'postgres', 'select 1;').then(
      (answer) => answer === '1',
      () => false,
    );
  const ready = await waitUntil(async () => hasEnded() || (await answers()), 60_000);
  if (ready && !hasEnded()) return;
  throw new Fault('The copy of the database does not start', {
    why:
      log().trim().split('\n').at(-1) ||
      'PostgreSQL of the new version ended, or did not answer within a minute.',
    next: 'Nothing that runs was changed. See whether the disk is full.',
  });
}
