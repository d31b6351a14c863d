import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { runProgram } from '../host/run-program.ts';
import { RESOLVER } from './watched-network.ts';

/** Doors by which a name could be looked up past the resolver, and the sign of systemd. */
const HIDDEN = ['/run/systemd', '/run/nscd', '/run/dbus'];

/**
 * A network namespace for a whole installation. ip-netns(8) puts the resolver and the order of look-ups
 * below /etc/netns in the place of the host's; what could answer for them is hidden, and so is systemd,
 * which would start services outside.
 */
export async function makeSealedNetwork(name: string): Promise<{
  enter: readonly string[];
  remove: () => Promise<void>;
}> {
  const etc = path.join('/etc/netns', name);
  await mkdir(etc, { recursive: true, mode: 0o755 });
  await writeFile(
    path.join(etc, 'resolv.conf'),
    `nameserver ${RESOLVER}\noptions timeout:2 attempts:1\n`,
  );
  await writeFile(
    path.join(etc, 'nsswitch.conf'),
    'passwd: files\ngroup: files\nhosts: files dns\n',
  );
  await ip(['netns', 'add', name]);
  const hide = HIDDEN.filter((dir) => existsSync(dir)).map(
    (dir) => `mount -t tmpfs none ${dir} && `,
  );
  return {
    enter: ['ip', 'netns', 'exec', name, '/bin/sh', '-c', `${hide.join('')}exec "$@"`, 'sh'],
    remove: async () => {
      await ip(['netns', 'del', name]);
      await rm(etc, { recursive: true, force: true });
    },
  };
}

async function ip(words: readonly string[]): Promise<void> {
  const { code, stderr } = await runProgram('ip', words, { timeoutMs: 10_000 }).catch(() => ({
    code: 1,
    stderr: 'there is no ip(8)',
  }));
  if (code === 0) return;
  throw new Fault('No network of its own could be made for the test', {
    why: stderr.trim(),
    next: 'It takes root and ip(8), nft(8), unshare(1): see docs/egress.md. `--live` watches the running instance instead.',
  });
}
