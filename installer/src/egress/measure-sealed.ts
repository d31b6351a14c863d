import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EgressReport } from './judge.ts';
import { watchSealed } from './watch-sealed.ts';

export type SealedWish = {
  version: string;
  /** More flags for the installation: where its components come from. */
  installFlags: readonly string[];
  /** Words that start `casemate`. */
  casemate: readonly string[];
  idleSeconds: number;
  progress: (text: string) => void;
  /** The tool is shown to notice: an instance with this in its way out is measured. */
  meanwhile?: (inside: Inside) => Promise<void>;
  /** Has the report signed by the measured instance, before that is removed. */
  sign: (report: EgressReport, place: Place) => Promise<EgressReport>;
};

export type Place = { instance: string; dataDir: string };
export type Inside = { enter: readonly string[]; place: Place };

/**
 * Installs an instance of its own in a network whose default route leads to a counting sink, uses it,
 * lets it idle, and removes it. Canaries go out at the beginning and at the end.
 */
export async function measureSealed(wish: SealedWish): Promise<EgressReport> {
  return watchSealed(wish, async ({ enter, dir, run, phase, sendCanaries, report }) => {
    const own: Place = { instance: `egress-${process.pid}`, dataDir: path.join(dir, 'home') };
    const place = ['--instance', own.instance, '--data-dir', own.dataDir];
    const casemate = (words: readonly string[]) => run([...wish.casemate, ...words, ...place]);
    try {
      const { address, setupLink } = await phase('install', async () => {
        const flags = ['--bind', '127.0.0.1', '--host-name', 'localhost', '--https-port', '8443'];
        const words = ['install', '--yes', '--json', '--http-port', '0', ...flags];
        const told = await casemate([...words, ...wish.installFlags]);
        return JSON.parse(told) as { address: string; setupLink: string };
      });
      await sendCanaries();
      await phase('use', async () => {
        const caFile = path.join(own.dataDir, 'config/tls/ca.crt');
        await run(
          [process.execPath, path.join(import.meta.dirname, 'use-instance.ts')],
          JSON.stringify({ address, setupLink, caFile }),
        );
      });
      await wish.meanwhile?.({ enter, place: own });
      await phase('idle', () => sleep(wish.idleSeconds * 1000).then(() => undefined));
      await sendCanaries();
      return await wish.sign(await report(), own);
    } finally {
      wish.progress('removing the instance');
      await casemate(['uninstall', '--purge', '--yes']).catch(() => undefined);
    }
  });
}
