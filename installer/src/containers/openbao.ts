import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { existsSync } from 'node:fs';
import { writeFileAtomically } from '../host/write-file.ts';
import { rotateAuditLogs } from '../supervisor/rotate-audit-logs.ts';
import { initialiseVault, vaultEnv } from '../vault/initialise.ts';
import { selfInitConfig } from '../vault/self-init.ts';
import { vaultServerConfig } from '../vault/server-config.ts';
import { kubernetesRequests } from './kubernetes/kubernetes-requests.ts';
import { onRenewal } from './on-renewal.ts';
import { places } from './places.ts';
import { runChild } from './run-child.ts';
import type { ContainerSettings } from './settings.ts';

const configFile = '/tmp/server.hcl';
const storageDir = path.join(places.vaultDir, 'raft');
const auditDir = path.join(places.vaultDir, 'audit');
const MINUTE_MS = 60_000;

/** Initialises the key service on its first start, as on a host, and runs it. */
export async function runOpenbao(settings: ContainerSettings): Promise<void> {
  await mkdir(auditDir, { recursive: true });
  await mkdir(storageDir, { recursive: true });
  await rm(places.vaultSocket, { force: true });
  // Alone first: on a cluster the others join what this one has made.
  if (isFirst(settings)) {
    await writeConfig(serverConfig(settings, []));
    await initialise(settings);
  }
  await writeConfig(serverConfig(settings, settings.raft?.peers ?? []));
  const { child, ended } = runChild({
    argv: [places.bao, 'server', `-config=${configFile}`],
    env: vaultEnv,
  });
  setInterval(
    () => rotateAuditLogs({ dir: auditDir, reopen: () => child.kill('SIGHUP') }),
    MINUTE_MS,
  ).unref();
  if (settings.tlsDir) onRenewal(settings.tlsDir, () => child.kill('SIGHUP'));
  process.exit(await ended);
}

const isFirst = ({ raft }: ContainerSettings): boolean => raft === null || raft.node.endsWith('-0');

const writeConfig = (text: string): Promise<void> =>
  writeFileAtomically(configFile, text, { mode: 0o400 });

function serverConfig(settings: ContainerSettings, peers: readonly string[]): string {
  const { sealKeyFile, raft, tlsDir } = settings;
  const groups = process.getgroups?.() ?? [];
  return vaultServerConfig({
    socketPath: places.vaultSocket,
    socketOwner: {
      uid: process.getuid?.() ?? 0,
      gid: groups.includes(10_000) ? 10_000 : (process.getgid?.() ?? 0),
    },
    storageDir,
    seal: { current: { id: '1', file: sealKeyFile } },
    auditFiles: [path.join(auditDir, 'audit-1.log'), path.join(auditDir, 'audit-2.log')],
    ...(raft && tlsDir ? { cluster: { node: raft.node, host: raft.host, tlsDir, peers } } : {}),
  });
}

async function initialise(settings: ContainerSettings): Promise<void> {
  await mkdir(places.credentials, { recursive: true }).catch(() => undefined);
  // On a cluster roles sign in as service accounts: what AppRole would need is drawn and forgotten.
  const keep = settings.kubernetes ? '/tmp/forgotten' : places.credentials;
  await mkdir(path.join(keep, 'roles'), { recursive: true });
  await initialiseVault({
    bao: places.bao,
    configFile,
    socketPath: places.vaultSocket,
    storageDir,
    initialisedFile: path.join(places.vaultDir, 'initialised'),
    credentialFile: (role) => path.join(keep, `${role}.json`),
    roleIdFile: (role) => path.join(keep, 'roles', role),
    roleOwner: () => undefined,
    selfInit: (init) => selfInitConfig(init, kubernetesRequests(settings)),
  });
  if (settings.kubernetes && existsSync(keep)) await rm(keep, { recursive: true, force: true });
}
