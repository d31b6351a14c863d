import type { ProcessSpec } from '../supervisor/processes.ts';
import type { UnitPlan } from './unit-plan.ts';

const plain: ProcessSpec = {
  id: 'postgresql',
  title: 'PostgreSQL',
  argv: ['/bin/true', '-D', '/var/lib/casemate/default/postgresql/18'],
  env: { LC_ALL: 'C' },
  account: 'casemate-db',
  workingDir: '/',
  after: [],
  ready: { kind: 'process', livedMs: 1 },
  readyTimeoutMs: 60_000,
  stopSignal: 'SIGINT',
  stopTimeoutMs: 60_000,
  configFiles: [],
  writableDirs: ['/var/lib/casemate/default/postgresql'],
  readableDirs: [],
  vaultRole: null,
  limits: { openFiles: 4096, memoryMiB: null, tasks: 512 },
  network: { listens: [], reach: 'none' },
};

const requestFile = (role: string) => ({
  CASEMATE_VAULT_REQUEST_FILE: `/run/casemate/default/${role}/secret-id-request`,
});

/** For tests: the five components as an installation of root describes them. */
export const fakeSpecs: Record<ProcessSpec['id'], ProcessSpec> = {
  postgresql: plain,
  openbao: {
    ...plain,
    id: 'openbao',
    title: 'OpenBao',
    account: 'casemate-keys',
    stopSignal: 'SIGTERM',
    readableDirs: ['/etc/casemate/default/openbao', '/etc/casemate/default/seal'],
    network: { listens: [], reach: 'loopback' },
  },
  ollama: {
    ...plain,
    id: 'ollama',
    title: 'Ollama',
    account: 'casemate-models',
    network: { listens: [], reach: 'loopback', renamable: true },
  },
  provisioner: {
    ...plain,
    id: 'provisioner',
    title: 'Provisioner',
    account: 'casemate-provisioner',
    after: ['postgresql', 'openbao'],
    env: requestFile('provisioner'),
    vaultRole: 'provisioner',
    limits: { openFiles: 4096, memoryMiB: 512, tasks: 128 },
  },
  server: {
    ...plain,
    id: 'server',
    title: 'Casemate server',
    account: 'casemate',
    after: ['postgresql', 'openbao', 'ollama', 'provisioner'],
    env: requestFile('server'),
    vaultRole: 'server',
    network: { listens: [443, 80], reach: 'any' },
  },
};

export const fakePlan: UnitPlan = {
  instance: 'default',
  specs: Object.values(fakeSpecs),
  casemate: { argv: ['/bin/true', '/opt/casemate/main.ts'], flags: ['--instance', 'default'] },
  group: 'casemate',
  running: [{ dir: '/run/casemate/default', mode: 0o710, owner: { uid: 0, gid: 999 } }],
  secretDirs: {
    seal: '/etc/casemate/default/seal',
    credentials: '/etc/casemate/default/credentials',
  },
  seal: { kind: 'file' },
};
