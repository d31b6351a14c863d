import path from 'node:path';
import type { InstanceLayout } from './layout.ts';

export type VaultRole = 'server' | 'provisioner' | 'migrator';
export type InstallerRole = 'issuer' | 'operator';

/** Every file and directory that more than one part of the installer names. Pure. */
export function instancePaths(layout: InstanceLayout) {
  const { configDir, dataDir, logDir, programsDir, runDir, sealDir } = layout;
  return {
    instanceFile: path.join(configDir, 'instance.json'),
    /** Which build of the server has answered its first question. */
    firstAnswerFile: path.join(configDir, 'first-answer'),
    databaseDir: path.join(dataDir, 'postgresql', '18'),
    databaseSocketDir: path.join(runDir, 'postgresql'),
    vaultDir: path.join(dataDir, 'openbao'),
    vaultStorageDir: path.join(dataDir, 'openbao', 'raft'),
    vaultInitialisedFile: path.join(dataDir, 'openbao', 'initialised'),
    vaultConfigFile: path.join(configDir, 'openbao', 'server.hcl'),
    vaultSocket: path.join(runDir, 'openbao', 'bao.sock'),
    vaultAuditDir: path.join(logDir, 'openbao'),
    modelsDir: path.join(dataDir, 'ollama'),
    modelSocket: path.join(runDir, 'ollama', 'ollama.sock'),
    /** The program that stands between that socket and Ollama; see supervisor/model-bridge.ts. */
    modelBridgeFile: path.join(programsDir, 'model-bridge.ts'),
    serverDataDir: path.join(dataDir, 'server'),
    /** Destroyed tenants; outside what a restored database or key service brings back. */
    deletionLedger: path.join(dataDir, 'deletions', 'ledger.jsonl'),
    /** Segments of the database's log that no backup repository holds yet. */
    walSpoolDir: path.join(dataDir, 'backup', 'wal'),
    backupDir: path.join(dataDir, 'backup'),
    /** Plan, passwords of the repositories and the recipient's public key; root's (or the owner's). */
    backupConfigDir: path.join(configDir, 'backup'),
    /** The signed test report of the installed version, and whose signature it must bear. */
    /** When the last backup succeeded: `{"succeededAt": ISO 8601}`, for the overview and its alert. */
    backupStatusFile: path.join(configDir, 'backup-status.json'),
    trustDir: path.join(configDir, 'trust'),
    /** What the host's root says is signed with the first, which no service can read; see docs/trust.md. */
    hostKeyFile: path.join(configDir, 'credentials', 'host-signing.key'),
    hostPublicKeyFile: path.join(configDir, 'host-signing.pub'),
    tlsDir: path.join(configDir, 'tls'),
    sealKeyFile: path.join(sealDir, 'seal.key'),
    controlSocket: path.join(runDir, 'supervisor', 'control.sock'),
    supervisorFile: path.join(runDir, 'supervisor', 'supervisor.json'),
    processesFile: path.join(runDir, 'supervisor', 'processes.json'),
    /** {roleId, secretId}; root's (or the owner's) alone. */
    credentialFile: (role: InstallerRole) => path.join(configDir, 'credentials', `${role}.json`),
    roleIdFile: (role: VaultRole) => path.join(configDir, 'openbao', 'roles', role),
    wrappedSecretIdFile: (role: VaultRole) => path.join(runDir, role, 'wrapped-secret-id'),
    vaultRequestFile: (role: VaultRole) => path.join(runDir, role, 'secret-id-request'),
    /** For a command of the server that runs beside it: the running one must not take its token. */
    commandDir: path.join(runDir, 'command'),
  };
}

export type InstancePaths = ReturnType<typeof instancePaths>;
