import { spawnSync } from 'node:child_process';

/** Programs (util-linux) that put a process behind a boundary of the kernel before Node starts. */
export interface HostWrappers {
  /** Own user, network, IPC and host-name namespace. */
  unshare: string | null;
  /** Resource limits. */
  prlimit: string | null;
  /** No new privileges, and death together with the parent. */
  setpriv: string | null;
}

const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];
const NAMESPACES = ['--user', '--net', '--ipc', '--uts'];

/** Arguments of each wrapper, before the program that it starts. */
export const WRAPPER_ARGUMENTS = {
  unshare: [...NAMESPACES, '--'],
  setpriv: ['--no-new-privs', '--pdeathsig', 'KILL', '--'],
} as const;

let known: HostWrappers | undefined;

/** Finds out, once in the life of the server, which wrappers this host has and lets us use. */
export function probeHost(): HostWrappers {
  known ??= {
    unshare: findWorking('unshare', WRAPPER_ARGUMENTS.unshare),
    prlimit: findWorking('prlimit', ['--core=0', '--']),
    setpriv: findWorking('setpriv', WRAPPER_ARGUMENTS.setpriv),
  };
  return known;
}

function findWorking(program: string, args: readonly string[]): string | null {
  const candidates = FOLDERS.map((folder) => `${folder}/${program}`);
  return candidates.find((file) => works(file, args)) ?? null;
}

/** Starts `true` behind it: a wrapper that exists may still be forbidden here. */
function works(file: string, args: readonly string[]): boolean {
  const { status } = spawnSync(file, [...args, '/bin/true'], {
    env: {},
    stdio: 'ignore',
    timeout: 5_000,
  });
  return status === 0;
}
