import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Words before a command line that give it a loopback of its own and no other network. */
export type OwnNetwork = readonly string[];

const programs = {
  unshare: ['/usr/bin/unshare', '/bin/unshare'],
  ip: ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip', '/bin/ip'],
} as const;

/**
 * A network namespace (network_namespaces(7)) with nothing but loopback: its ports are closed to
 * every other process of the host, and there is no way out. Root makes one as it is; another account
 * inside a user namespace, in which it is called root and loses every capability before the program
 * starts. Null where the host does not allow it, or lacks unshare(1) or ip(8): tried, not guessed.
 */
export function findOwnNetwork(asRoot: boolean): OwnNetwork | null {
  const unshare = programs.unshare.find((file) => existsSync(file));
  const ip = programs.ip.find((file) => existsSync(file));
  if (!unshare || !ip) return null;
  const words = [unshare, ...(asRoot ? [] : ['--user', '--map-root-user']), '--net', '--'];
  const tried = spawnSync(words[0] ?? unshare, [...words.slice(1), ip, 'link', 'set', 'lo', 'up'], {
    stdio: 'ignore',
    timeout: 5000,
  });
  if (tried.status !== 0) return null;
  return [...words, '/bin/sh', '-c', `${ip} link set lo up && exec "$@"`, 'sh'];
}
