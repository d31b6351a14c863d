import type { ComponentId, ProcessSpec } from '../supervisor/processes.ts';
import type { Directive } from './unit-text.ts';
import { quote } from './unit-text.ts';
import type { UnitPlan } from './unit-plan.ts';

/** What a component needs beyond the strictest sandbox, and why. */
type Leave = {
  /** V8 writes machine code and then runs it; GPU drivers do, too. */
  writesCode?: true;
  /** setpriority and prlimit: the hashing worker is niced, the parser of documents is bounded. */
  setsLimits?: true;
  /** Gives its socket to the group of the services. */
  chowns?: true;
  /** The parser of documents shuts itself in by these. */
  namespaces?: string;
  gpu?: true;
};

const leave: Record<ComponentId, Leave> = {
  postgresql: { chowns: true },
  openbao: { chowns: true },
  ollama: { writesCode: true, setsLimits: true, gpu: true },
  provisioner: { writesCode: true },
  server: { writesCode: true, setsLimits: true, namespaces: 'user net ipc uts' },
};

const always: readonly Directive[] = [
  ['NoNewPrivileges', 'yes'],
  ['ProtectSystem', 'strict'],
  ['ProtectKernelTunables', 'yes'],
  ['ProtectKernelModules', 'yes'],
  ['ProtectKernelLogs', 'yes'],
  ['ProtectControlGroups', 'yes'],
  ['ProtectClock', 'yes'],
  ['ProtectHostname', 'yes'],
  ['ProtectProc', 'invisible'],
  // Not RemoveIPC: accounts are shared by the instances of a host, and so would be the removal.
  ['PrivateIPC', 'yes'],
  ['RestrictRealtime', 'yes'],
  ['RestrictSUIDSGID', 'yes'],
  ['LockPersonality', 'yes'],
  ['SystemCallArchitectures', 'native'],
  ['SystemCallErrorNumber', 'EPERM'],
  ['KeyringMode', 'private'],
  ['UMask', '0077'],
];

/** The walls around one component; DEP-01. */
export function sandbox(spec: ProcessSpec, plan: UnitPlan): Directive[] {
  const { writesCode, namespaces } = leave[spec.id];
  return [
    ...always,
    ...files(spec, plan),
    ...devices(spec),
    ...network(spec),
    ...capabilities(spec),
    ...systemCalls(spec),
    ['RestrictNamespaces', namespaces ?? 'yes'],
    ['MemoryDenyWriteExecute', writesCode ? 'no' : 'yes'],
  ];
}

function files(spec: ProcessSpec, { secretDirs, seal }: UnitPlan): Directive[] {
  const used = [...spec.argv, spec.workingDir, ...spec.writableDirs, ...spec.readableDirs];
  const within = (...dirs: string[]) =>
    used.some((file) => dirs.some((dir) => file === dir || file.startsWith(`${dir}/`)));
  const readsSeal = spec.id === 'openbao' && seal.kind === 'file';
  const hidden = [secretDirs.credentials, ...(readsSeal ? [] : [secretDirs.seal])];
  return [
    // An instance in a home or a temporary directory must still see itself.
    ['ProtectHome', within('/home', '/root', '/run/user') ? 'read-only' : 'yes'],
    ['PrivateTmp', within('/tmp', '/var/tmp') ? 'no' : 'yes'],
    ['ReadWritePaths', spec.writableDirs.map(quote).join(' ')],
    ['InaccessiblePaths', hidden.map((dir) => quote(`-${dir}`)).join(' ')],
  ];
}

function devices({ id, env }: ProcessSpec): Directive[] {
  const modem = env['CASEMATE_SMS_DEVICE'];
  if (modem !== undefined)
    return [
      ['DevicePolicy', 'closed'],
      ['DeviceAllow', `${modem} rw`],
    ];
  if (!leave[id].gpu) return [['PrivateDevices', 'yes']];
  return [
    ['DevicePolicy', 'closed'],
    ...['char-nvidia', 'char-nvidia-frontend', 'char-nvidia-uvm', 'char-drm', 'char-kfd'].map(
      (device): Directive => ['DeviceAllow', `${device} rw`],
    ),
  ];
}

function network({ id, network: { listens, reach } }: ProcessSpec): Directive[] {
  if (reach === 'any') return [['RestrictAddressFamilies', 'AF_UNIX AF_INET AF_INET6 AF_NETLINK']];
  // What nobody reaches by TCP has a loopback of its own: Unix sockets work across the wall.
  const alone = listens.length === 0;
  const inet = reach === 'loopback' ? ' AF_INET AF_INET6 AF_NETLINK' : '';
  return [
    ['PrivateNetwork', alone ? 'yes' : 'no'],
    ['IPAddressDeny', 'any'],
    ...(reach === 'loopback' ? [['IPAddressAllow', 'localhost'] as const] : []),
    // Node asks netlink for the addresses of its host at its start.
    ['RestrictAddressFamilies', `AF_UNIX${inet}${id === 'provisioner' ? ' AF_NETLINK' : ''}`],
  ];
}

function capabilities({ network: { listens } }: ProcessSpec): Directive[] {
  const low = listens.some((port) => port > 0 && port < 1024) ? 'CAP_NET_BIND_SERVICE' : '';
  return [
    ['CapabilityBoundingSet', low],
    ['AmbientCapabilities', low],
  ];
}

function systemCalls({ id }: ProcessSpec): Directive[] {
  const { setsLimits, chowns } = leave[id];
  return [
    ['SystemCallFilter', '@system-service'],
    ['SystemCallFilter', setsLimits ? '~@privileged' : '~@privileged @resources'],
    ...(chowns ? [['SystemCallFilter', '@chown'] as const] : []),
  ];
}
