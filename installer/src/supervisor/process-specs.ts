import path from 'node:path';
import { Fault } from '../fault.ts';
import { serviceAccounts } from '../host/accounts.ts';
import { plainEnv } from '../host/run-program.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { vaultEnv } from '../vault/initialise.ts';
import { ollamaEnv } from './ollama-env.ts';
import type { ComponentId, ProcessSpec } from './processes.ts';
import { serverEnv } from './server-env.ts';

type Build = (layout: InstanceLayout, settings: InstanceSettings) => ProcessSpec;

const builders: Record<ComponentId, Build> = { postgresql, openbao, ollama, provisioner, server };

/** The processes of an instance, in the order of their start. Pure. */
export function processSpecs(layout: InstanceLayout, settings: InstanceSettings): ProcessSpec[] {
  // Before the server is installed there is nothing of it to run.
  const ids = Object.keys(builders) as ComponentId[];
  const installed = ids.filter(
    (id) => settings.server !== null || (id !== 'server' && id !== 'provisioner'),
  );
  return installed.map((id) => builders[id](layout, settings));
}

function postgresql(layout: InstanceLayout, settings: InstanceSettings): ProcessSpec {
  const paths = instancePaths(layout);
  return {
    id: 'postgresql',
    title: 'PostgreSQL',
    argv: [executable(settings, 'postgresql', 'postgres'), '-D', paths.databaseDir],
    env: plainEnv,
    account: serviceAccounts.postgresql,
    workingDir: path.dirname(paths.databaseDir),
    after: [],
    ready: { kind: 'postgresql', socketDir: paths.databaseSocketDir, port: settings.databasePort },
    readyTimeoutMs: 60_000,
    stopSignal: 'SIGINT',
    stopTimeoutMs: 60_000,
    configFiles: ['postgresql.conf', 'pg_hba.conf', 'pg_ident.conf'].map((name) =>
      path.join(paths.databaseDir, name),
    ),
    writableDirs: [path.dirname(paths.databaseDir), paths.databaseSocketDir, paths.walSpoolDir],
    readableDirs: [],
    vaultRole: null,
    limits: { openFiles: 65_536, memoryMiB: null, tasks: 512 },
    network: { listens: [], reach: 'none' },
  };
}

function openbao(layout: InstanceLayout, settings: InstanceSettings): ProcessSpec {
  const paths = instancePaths(layout);
  return {
    id: 'openbao',
    title: 'OpenBao',
    argv: [executable(settings, 'openbao', 'bao'), 'server', `-config=${paths.vaultConfigFile}`],
    env: vaultEnv,
    account: serviceAccounts.openbao,
    workingDir: paths.vaultDir,
    after: [],
    ready: { kind: 'http', socketPath: paths.vaultSocket, path: '/v1/sys/health' },
    readyTimeoutMs: 60_000,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 20_000,
    configFiles: [paths.vaultConfigFile],
    writableDirs: [paths.vaultDir, path.dirname(paths.vaultSocket), paths.vaultAuditDir],
    readableDirs: [path.dirname(paths.vaultConfigFile), layout.sealDir],
    vaultRole: null,
    limits: { openFiles: 4096, memoryMiB: 1024, tasks: 512 },
    // Raft's own port on loopback; see vault/server-config.ts.
    network: { listens: [], reach: 'loopback' },
  };
}

function ollama(layout: InstanceLayout, settings: InstanceSettings): ProcessSpec {
  const { modelsDir, modelSocket, modelBridgeFile } = instancePaths(layout);
  const port = settings.ollamaPort;
  const bridge = [modelBridgeFile, modelSocket, String(port)];
  return {
    id: 'ollama',
    title: 'Ollama',
    argv: [
      executable(settings, 'node', 'node'),
      '--disable-warning=ExperimentalWarning',
      ...bridge,
      executable(settings, 'ollama', 'ollama'),
      'serve',
    ],
    env: ollamaEnv({ port, modelsDir, parallel: 2 }),
    account: serviceAccounts.ollama,
    workingDir: modelsDir,
    after: [],
    ready: { kind: 'http', socketPath: modelSocket, path: '/api/version' },
    readyTimeoutMs: 60_000,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 15_000,
    configFiles: [modelBridgeFile],
    writableDirs: [modelsDir, path.dirname(modelSocket)],
    readableDirs: [],
    vaultRole: null,
    limits: { openFiles: 65_536, memoryMiB: null, tasks: 1024 },
    // Its port is on a loopback of its own, which nobody but the bridge shares.
    network: { listens: [], reach: 'loopback', renamable: true },
  };
}

function provisioner(layout: InstanceLayout, settings: InstanceSettings): ProcessSpec {
  const paths = instancePaths(layout);
  return {
    id: 'provisioner',
    title: 'Provisioner',
    argv: serverProgram(settings, 'provision'),
    env: serverEnv(layout, settings, 'provisioner'),
    account: serviceAccounts.provisioner,
    workingDir: '/',
    after: ['postgresql', 'openbao'],
    ready: { kind: 'process', livedMs: 1500 },
    readyTimeoutMs: 30_000,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 20_000,
    configFiles: [],
    writableDirs: [
      path.dirname(paths.vaultRequestFile('provisioner')),
      path.dirname(paths.deletionLedger),
    ],
    readableDirs: [path.dirname(paths.roleIdFile('provisioner'))],
    vaultRole: 'provisioner',
    limits: { openFiles: 4096, memoryMiB: 512, tasks: 128 },
    network: { listens: [], reach: 'none' },
  };
}

function server(layout: InstanceLayout, settings: InstanceSettings): ProcessSpec {
  const paths = instancePaths(layout);
  const { httpsPort, httpPort, hostName } = settings;
  return {
    id: 'server',
    title: 'Casemate server',
    argv: serverProgram(settings, 'serve'),
    env: serverEnv(layout, settings, 'server'),
    account: serviceAccounts.server,
    workingDir: paths.serverDataDir,
    after: ['postgresql', 'openbao', 'ollama', 'provisioner'],
    ready: {
      kind: 'http',
      url: `https://${loopbackOf(settings.bindAddress)}:${httpsPort}/health/ready`,
      insecure: true,
      host: hostName,
    },
    readyTimeoutMs: 60_000,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 30_000,
    configFiles: [path.join(paths.tlsDir, 'current', 'server.crt')],
    writableDirs: [paths.serverDataDir, path.dirname(paths.vaultRequestFile('server'))],
    readableDirs: [
      paths.tlsDir,
      path.dirname(paths.roleIdFile('server')),
      path.dirname(paths.deletionLedger),
    ],
    vaultRole: 'server',
    limits: { openFiles: 65_536, memoryMiB: null, tasks: 512 },
    network: { listens: httpPort === 0 ? [httpsPort] : [httpsPort, httpPort], reach: 'any' },
  };
}

function loopbackOf(bindAddress: string): string {
  if (bindAddress === '0.0.0.0') return '127.0.0.1';
  if (bindAddress === '::') return '[::1]';
  return bindAddress.includes(':') ? `[${bindAddress}]` : bindAddress;
}

export function executable(settings: InstanceSettings, component: string, name: string): string {
  const file = settings.components[component]?.executables[name];
  if (file) return file;
  throw new Fault(`The component ${component} is not installed completely`, {
    why: `It has no executable ${name}.`,
    next: 'Run `casemate install` again; it takes up where it stopped.',
    code: 'notInstalled',
  });
}

export function serverProgram(settings: InstanceSettings, command: string): [string, ...string[]] {
  const dir = settings.server?.dir ?? '/nonexistent';
  const main = path.join(dir, 'server', 'dist', 'main.js');
  return [executable(settings, 'node', 'node'), '--enable-source-maps', main, command];
}
