import { realpath } from 'node:fs/promises';
import { Fault } from '../fault.ts';
import { runProgram } from '../host/run-program.ts';

/** The npm of this host, to be run by our own Node: the program and its first arguments. */
export async function findNpm(node: string): Promise<[string, ...string[]]> {
  const script = 'command -v npm';
  const { code, stdout } = await runProgram('/bin/sh', ['-c', script], { inherit: true });
  const found = code === 0 ? await realpath(stdout.trim()).catch(() => undefined) : undefined;
  if (found) return found.endsWith('.js') ? [node, found] : [found];
  throw new Fault('npm is needed to build the server from a checkout', {
    why: 'There is no npm on this host, and no built server in the cache.',
    next: 'Install npm (Debian: apt-get install npm), or install from a bundle with --bundle DIR.',
    code: 'source',
  });
}
