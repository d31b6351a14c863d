import { existsSync, readFileSync } from 'node:fs';
import { Fault } from '../fault.ts';
import type { Owner } from '../host/write-file.ts';
import type { ProcessSpec } from './processes.ts';

export type StartCommand = { argv: readonly [string, ...string[]]; runAs: Owner | undefined };

const setpriv = ['/usr/bin/setpriv', '/bin/setpriv', '/usr/sbin/setpriv'];

/**
 * How root starts a component under its account. One that listens on a port below 1024 (the host
 * may say otherwise) keeps exactly one capability for it; setpriv(1), of util-linux, can give it.
 */
export function startCommand(spec: ProcessSpec, runAs: Owner | undefined): StartCommand {
  const first = firstFreePort();
  const lowPort = spec.network.listens.find((port) => port > 0 && port < first);
  if (!runAs || lowPort === undefined) return { argv: spec.argv, runAs };
  const program = setpriv.find((file) => existsSync(file));
  if (!program) {
    throw new Fault(`${spec.id} can't listen on port ${lowPort} without the program setpriv`, {
      next: 'Install util-linux, or install Casemate with ports from 1024 (--https-port, --http-port).',
    });
  }
  const capability = 'net_bind_service';
  return {
    argv: [
      program,
      `--reuid=${runAs.uid}`,
      `--regid=${runAs.gid}`,
      '--clear-groups',
      '--no-new-privs',
      `--bounding-set=-all,+${capability}`,
      `--inh-caps=-all,+${capability}`,
      `--ambient-caps=-all,+${capability}`,
      '--',
      ...spec.argv,
    ],
    runAs: undefined,
  };
}

function firstFreePort(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return 1024;
  }
}
