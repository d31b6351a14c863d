import { constants } from 'node:fs';
import { lstat, open, rm } from 'node:fs/promises';
import { certificatePlan } from '../../certificates/certificate-plan.ts';
import { ensureServerCertificate } from '../../certificates/ensure-server-certificate.ts';
import { keepClosed } from '../../egress/keep-closed.ts';
import { Fault } from '../../fault.ts';
import type { Owner } from '../../host/write-file.ts';
import { ensureDirs } from '../../instance/ensure-dirs.ts';
import { getRuntime } from '../../runtime/get-runtime.ts';
import { rotateAuditLogs } from '../../supervisor/rotate-audit-logs.ts';
import type { Patient } from '../patient.ts';
import type { Hands } from './mend.ts';

/** The hands that work on this host. */
export function realHands({ layout, settings, paths }: Patient): Hands {
  const runtime = getRuntime(layout);
  return {
    setRights,
    ensureDirs,
    remove: (file) => rm(file, { force: true }),
    start: (ids) => runtime.start({ ids }),
    renewCertificate: async () => {
      const { renewed } = await ensureServerCertificate(certificatePlan(layout, settings));
      return renewed;
    },
    rotateAuditLogs: async () => {
      const { components } = await runtime.status();
      const pid = components.find(({ id }) => id === 'openbao')?.pid ?? null;
      const reopen = (): boolean => pid !== null && process.kill(pid, 'SIGHUP');
      rotateAuditLogs({ dir: paths.vaultAuditDir, reopen });
    },
    closeWayOut: () => keepClosed(layout, settings),
  };
}

/**
 * Through the file itself: a link, or a second name of somebody else's file that was put in its place,
 * is refused. Whoever owns a directory below ours could do that while root looks elsewhere.
 */
export async function setRights(file: string, mode: number, owner?: Owner): Promise<void> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const [opened, named] = [await handle.stat(), await lstat(file)];
    const same = opened.ino === named.ino && opened.dev === named.dev;
    if (!same || (opened.isFile() && opened.nlink !== 1))
      throw new Fault(`${file} is not what it was`, {
        why: 'It has a second name, or was exchanged meanwhile.',
        next: 'Look at it, and set its rights by hand.',
      });
    if (owner) await handle.chown(owner.uid, owner.gid);
    await handle.chmod(mode);
  } finally {
    await handle.close();
  }
}
