import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { endProcessesWith } from '../host/end-processes.ts';
import { plainEnv } from '../host/run-program.ts';
import { ensureDir, writeFileAtomically } from '../host/write-file.ts';
import type { Owner } from '../host/write-file.ts';
import type { InstallerRole, VaultRole } from '../instance/paths.ts';
import { logIn, logOut, readCredential } from './log-in.ts';
import { installerRoles, serviceRoles } from './role-settings.ts';
import { selfInitConfig } from './self-init.ts';
import { waitForVault } from './wait-for-vault.ts';

export type VaultPlaces = {
  bao: string;
  configFile: string;
  socketPath: string;
  storageDir: string;
  /** Written when all is done; beside the storage, so that the two live and die together. */
  initialisedFile: string;
  credentialFile: (role: InstallerRole) => string;
  roleIdFile: (role: VaultRole) => string;
  /** Who reads the role-id of that role. */
  roleOwner: (role: VaultRole) => Owner | undefined;
  runAs?: Owner | undefined;
  /** Of another version, for tests of an upgrade. */
  selfInit?: typeof selfInitConfig | undefined;
};

/**
 * Initialises the key service once. Its credentials are written first, the marker last; between
 * them nothing is stored in it, so an interrupted attempt is wiped and begun again.
 */
export async function initialiseVault(places: VaultPlaces): Promise<void> {
  if (existsSync(places.initialisedFile)) return;
  await endProcessesWith(`-config=${places.configFile}`);
  await rm(places.storageDir, { recursive: true, force: true });
  await ensureDir(places.storageDir, { mode: 0o700, owner: places.runAs });
  const initDir = path.join(path.dirname(places.socketPath), 'init');
  await ensureDir(initDir, { mode: 0o700, owner: places.runAs });
  try {
    const initFile = await writeInitFiles(places, initDir);
    await runOnce(places, initFile);
  } finally {
    await rm(initDir, { recursive: true, force: true });
  }
  await writeFileAtomically(places.initialisedFile, `${new Date().toISOString()}\n`, {
    mode: 0o400,
    owner: places.runAs,
  });
}

async function writeInitFiles(places: VaultPlaces, initDir: string): Promise<string> {
  const forBao = { mode: 0o400, owner: places.runAs };
  const roleIds = Object.fromEntries(
    [...installerRoles, ...serviceRoles].map((role) => [role, randomUUID()]),
  ) as Record<InstallerRole | VaultRole, string>;
  const secretIdFiles = {} as Record<InstallerRole, string>;
  for (const role of installerRoles) {
    const secretId = randomBytes(32).toString('hex');
    secretIdFiles[role] = path.join(initDir, `${role}-secret-id`);
    await writeFileAtomically(secretIdFiles[role], secretId, forBao);
    const credential = JSON.stringify({ roleId: roleIds[role], secretId });
    await writeFileAtomically(places.credentialFile(role), credential, { mode: 0o400 });
  }
  for (const role of serviceRoles) {
    const options = { mode: 0o400, owner: places.roleOwner(role) };
    await writeFileAtomically(places.roleIdFile(role), roleIds[role], options);
  }
  const initFile = path.join(initDir, 'self-init.hcl');
  const selfInit = places.selfInit ?? selfInitConfig;
  await writeFileAtomically(initFile, selfInit({ roleIds, secretIdFiles }), forBao);
  return initFile;
}

async function runOnce(places: VaultPlaces, initFile: string): Promise<void> {
  let log = '';
  const bao = spawn(places.bao, ['server', `-config=${places.configFile}`, `-config=${initFile}`], {
    env: vaultEnv,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(places.runAs ?? {}),
  });
  const keep = (chunk: Buffer) => (log = (log + chunk.toString()).slice(-8000));
  bao.stdout.on('data', keep);
  bao.stderr.on('data', keep);
  const closed = once(bao, 'close').catch(() => undefined);
  try {
    await waitForVault(
      places.socketPath,
      60_000,
      () => bao.exitCode !== null || bao.signalCode !== null,
    );
    const credential = await readCredential(places.credentialFile('operator'));
    await logOut(places.socketPath, await logIn(places.socketPath, credential));
  } catch (cause) {
    throw new Fault('The key service could not initialise itself', {
      why: lastError(log),
      next: 'Run the command again; nothing was stored yet. If it fails again, see the log above.',
      cause,
    });
  } finally {
    stop(bao);
    await closed;
  }
}

function stop(bao: ChildProcess): void {
  if (bao.exitCode === null && bao.signalCode === null) bao.kill('SIGTERM');
}

function lastError(log: string): string {
  const lines = log.trim().split('\n');
  return (
    lines
      .filter((line) => /error|fail/i.test(line))
      .slice(-3)
      .join('\n') || lines.slice(-3).join('\n')
  );
}

/** Go programs need no more; without HOME the client library would warn. */
export const vaultEnv = { ...plainEnv, HOME: '/nonexistent' };
