import { existsSync, readFileSync } from 'node:fs';
import { Fault } from '../fault.ts';
import type { Owner } from '../host/write-file.ts';
import { findOwnNetwork, type OwnNetwork } from './own-network.ts';
import type { ProcessSpec } from './processes.ts';

export type StartCommand = { argv: readonly [string, ...string[]]; runAs: Owner | undefined };

const setpriv = ['/usr/bin/setpriv', '/bin/setpriv', '/usr/sbin/setpriv'];

/**
 * How a component starts under its account. What nobody reaches by TCP gets a loopback of its own
 * where the host allows it (as its unit does under systemd); for an ordinary user that is the model
 * server alone, since the others must keep their names. One that listens on a port below 1024 (the
 * host may say otherwise) keeps exactly one capability for it; setpriv(1), of util-linux, gives it.
 */
export function startCommand(
  spec: ProcessSpec,
  runAs: Owner | undefined,
  findNetwork: (asRoot: boolean) => OwnNetwork | null = findOwnNetwork,
): StartCommand {
  const first = firstFreePort();
  const lowPort = spec.network.listens.find((port) => port > 0 && port < first);
  const program = setpriv.find((file) => existsSync(file));
  const alone = spec.network.listens.length === 0;
  if (!runAs) {
    const network = alone && spec.network.renamable && program ? findNetwork(false) : null;
    if (!network || !program) return { argv: spec.argv, runAs };
    const drop = [program, '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--'];
    return { argv: wrap([...network, ...drop], spec), runAs };
  }
  if (lowPort !== undefined) {
    if (program) {
      const drop = dropPrivileges(program, runAs, 'net_bind_service');
      return { argv: wrap(drop, spec), runAs: undefined };
    }
    throw new Fault(`${spec.id} can't listen on port ${lowPort} without the program setpriv`, {
      next: 'Install util-linux, or install Casemate with ports from 1024 (--https-port, --http-port).',
    });
  }
  const network = alone && program ? findNetwork(true) : null;
  if (!network || !program) return { argv: spec.argv, runAs };
  const drop = dropPrivileges(program, runAs);
  return { argv: wrap([...network, ...drop], spec), runAs: undefined };
}

function wrap(before: readonly string[], { argv }: ProcessSpec): [string, ...string[]] {
  const [first = argv[0], ...rest] = [...before, ...argv];
  return [first, ...rest];
}

function dropPrivileges(program: string, account: Owner, capability?: string): string[] {
  const kept = capability ? `,+${capability}` : '';
  return [
    program,
    `--reuid=${account.uid}`,
    `--regid=${account.gid}`,
    '--clear-groups',
    '--no-new-privs',
    `--bounding-set=-all${kept}`,
    `--inh-caps=-all${kept}`,
    ...(capability ? [`--ambient-caps=-all${kept}`] : []),
    '--',
  ];
}

function firstFreePort(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return 1024;
  }
}
