import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { ensureDir, writeFileAtomically } from '../host/write-file.ts';
import type { InstallerRole, VaultRole } from '../instance/paths.ts';
import { initialiseVault, vaultEnv, type VaultPlaces } from '../vault/initialise.ts';
import { issueWrappedSecretId } from '../vault/issue-wrapped-secret-id.ts';
import { logIn, readCredential } from '../vault/log-in.ts';
import { vaultServerConfig, type SealKeys } from '../vault/server-config.ts';
import { waitForVault } from '../vault/wait-for-vault.ts';
import { partComponent } from './part-component.ts';
import type { Place } from './unprivileged.ts';

export async function startVaultPart(
  place: Place,
  selfInit?: VaultPlaces['selfInit'],
  auditDir = path.join(place.dir, 'openbao'),
) {
  const { executables } = await partComponent('openbao', place);
  const bao = executables['bao'] ?? 'bao';
  const home = path.join(place.dir, 'openbao');
  await ensureDir(home, { mode: 0o711, owner: place.runAs });
  const sealKeyFile = path.join(home, 'seal.key');
  const forBao = { mode: 0o400, owner: place.runAs };
  await writeFileAtomically(sealKeyFile, randomBytes(32), forBao);
  const socketPath = path.join(home, 'bao.sock');
  const configFile = path.join(home, 'server.hcl');
  const storageDir = path.join(home, 'raft');
  const writeConfig = (seal: SealKeys): Promise<void> => {
    const config = vaultServerConfig({
      socketPath,
      socketOwner: place.runAs ?? ownAccount(),
      storageDir,
      seal,
      auditFiles: [path.join(auditDir, 'audit-1.log'), path.join(auditDir, 'audit-2.log')],
    });
    return writeFileAtomically(configFile, config, forBao);
  };
  await writeConfig({ current: { id: '1', file: sealKeyFile } });
  const credentialFile = (role: InstallerRole) => path.join(place.dir, `${role}.json`);
  const roleIdFile = (role: VaultRole) => path.join(place.dir, `${role}.role-id`);
  await initialiseVault({
    bao,
    configFile,
    socketPath,
    storageDir,
    initialisedFile: path.join(home, 'initialised'),
    credentialFile,
    roleIdFile,
    roleOwner: () => undefined,
    runAs: place.runAs,
    selfInit,
  });
  const start = async () => {
    const started = await place.launch({
      argv: [bao, 'server', `-config=${configFile}`],
      env: vaultEnv,
      runAs: place.runAs,
      stopSignal: 'SIGKILL',
    });
    const ready = await waitForVault(socketPath, 30_000, started.ended);
    if (ready && !started.ended()) return started;
    await started.stop();
    throw new Error(`OpenBao did not start:\n${started.log()}`);
  };
  let child = await start();
  return {
    socket: socketPath,
    roleIdFile,
    operatorFile: credentialFile('operator'),
    issueWrapped: async (role: VaultRole) =>
      issueWrappedSecretId(socketPath, await readCredential(credentialFile('issuer')), role),
    operatorToken: async () => logIn(socketPath, await readCredential(credentialFile('operator'))),
    sealKeyFile,
    configFile,
    writeConfig,
    restart: async () => {
      await child.stop();
      child = await start();
    },
    stop: () => child.stop(),
  };
}

const ownAccount = () => ({ uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 });
