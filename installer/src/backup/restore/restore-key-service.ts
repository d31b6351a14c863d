import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { chown, cp, mkdir, readFile, rm, stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { Fault } from '../../fault.ts';
import { getAccounts } from '../../host/get-accounts.ts';
import { writeFileAtomically } from '../../host/write-file.ts';
import { roleOwner, vaultPlaces } from '../../steps/initialise-key-service.ts';
import type { InstallContext } from '../../steps/step.ts';
import { executable } from '../../supervisor/process-specs.ts';
import { initialiseVault, vaultEnv } from '../../vault/initialise.ts';
import { logIn, logOut, readCredential } from '../../vault/log-in.ts';
import { installerRoles, roleSettings, serviceRoles } from '../../vault/role-settings.ts';
import { selfInitConfig } from '../../vault/self-init.ts';
import { waitForVault } from '../../vault/wait-for-vault.ts';
import { waitUntil } from '../../host/wait-until.ts';
import { keyParts } from '../key-snapshot.ts';
import type { Stage } from './stage.ts';

/**
 * Makes an empty key service under the seal key of the old one, whose operator may put a snapshot back
 * this once, and puts it back: from then on it is the old one, roles and all, and nobody may again.
 */
export async function restoreKeyService(context: InstallContext, stage: Stage): Promise<void> {
  await rm(context.paths.vaultInitialisedFile, { force: true });
  await initialiseVault({
    ...vaultPlaces(context),
    selfInit: (init) => selfInitConfig(init, mayRestore),
  });
  const removeOld = await makeOldAuditDir(context, stage);
  try {
    await withVault(context, () => putBack(context, stage.keysDir));
  } finally {
    await removeOld();
  }
}

/**
 * The snapshot still names the audit files of the old place. They must open once before those of this
 * place take over, or the key service closes itself again.
 */
async function makeOldAuditDir(
  { layout, paths }: InstallContext,
  { configDir }: Stage,
): Promise<() => Promise<void>> {
  const file = path.join(configDir, path.relative(layout.configDir, paths.vaultConfigFile));
  const text = await readFile(file, 'utf8').catch(() => '');
  const [, old] = /file_path = "([^"]+)"/.exec(text) ?? [];
  const dir = old && path.dirname(old);
  if (!dir || dir === paths.vaultAuditDir || existsSync(dir)) return () => Promise.resolve();
  const made = await mkdir(dir, { recursive: true, mode: 0o711 });
  const owner = getAccounts(layout)['casemate-keys'];
  if (owner) await chown(dir, owner.uid, owner.gid);
  return () => rm(made ?? dir, { recursive: true, force: true });
}

const mayRestore = [
  {
    name: 'policy-restore',
    path: 'sys/policies/acl/casemate-restore',
    data: {
      policy: 'path "sys/storage/raft/snapshot-force" { capabilities = ["create", "update"] }',
    },
  },
  {
    name: 'role-restore',
    path: 'auth/approle/role/operator',
    data: {
      ...roleSettings.operator,
      token_policies: ['casemate-operator', 'casemate-restore'],
    },
  },
];

async function putBack(context: InstallContext, keysDir: string): Promise<void> {
  const { paths } = context;
  const fresh = await logIn(
    paths.vaultSocket,
    await readCredential(paths.credentialFile('operator')),
  );
  await sendSnapshot(paths.vaultSocket, fresh, path.join(keysDir, keyParts.raft));
  await takeCredentials(context, keysDir);
  const restored = await readCredential(paths.credentialFile('operator'));
  // It seals and opens itself again with what the snapshot brought.
  const opens = () =>
    logIn(paths.vaultSocket, restored).then(
      (token) => logOut(paths.vaultSocket, token).then(() => true),
      () => false,
    );
  if (await waitUntil(opens, 60_000, 250)) return;
  throw new Fault('The key service does not open with what the backup brought', {
    why: 'It refuses the credential that was saved with the snapshot.',
    next: 'Restore an earlier backup: `casemate backup list`.',
  });
}

/** The credentials that fit the snapshot, in place of those of the empty key service. */
async function takeCredentials({ layout, paths }: InstallContext, keysDir: string): Promise<void> {
  const accounts = getAccounts(layout);
  for (const role of installerRoles) {
    const saved = path.join(
      keysDir,
      keyParts.credentials,
      path.basename(paths.credentialFile(role)),
    );
    await writeFileAtomically(paths.credentialFile(role), await readFile(saved), { mode: 0o400 });
  }
  for (const role of serviceRoles) {
    const owner = roleOwner(layout, role);
    const saved = path.join(keysDir, keyParts.roles, path.basename(paths.roleIdFile(role)));
    await writeFileAtomically(paths.roleIdFile(role), await readFile(saved), {
      mode: 0o400,
      owner,
    });
  }
  const ledger = path.join(keysDir, keyParts.ledger);
  const text = await readFile(ledger).catch(() => undefined);
  if (text === undefined) return;
  const owner = accounts['casemate-provisioner'];
  const group = accounts['casemate']?.gid;
  await writeFileAtomically(paths.deletionLedger, text, {
    mode: owner ? 0o640 : 0o600,
    owner: owner && group !== undefined ? { uid: owner.uid, gid: group } : undefined,
  });
}

async function sendSnapshot(socketPath: string, token: string, file: string): Promise<void> {
  const { size } = await stat(file);
  const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const request = http.request({
      socketPath,
      method: 'POST',
      path: '/v1/sys/storage/raft/snapshot-force',
      headers: {
        'x-vault-request': 'true',
        'x-vault-token': token,
        'content-length': size,
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => (text += more));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    createReadStream(file).on('error', reject).pipe(request);
  });
  if (answer.status < 300) return;
  throw new Fault('The key service refused its snapshot', {
    why: `It answered ${answer.status}: ${answer.text.slice(0, 200)}`,
    next: 'Restore an earlier backup: `casemate backup list`.',
  });
}

async function withVault(context: InstallContext, work: () => Promise<void>): Promise<void> {
  const { layout, paths, settings } = context;
  const bao = spawn(
    executable(settings, 'openbao', 'bao'),
    ['server', `-config=${paths.vaultConfigFile}`],
    {
      env: vaultEnv,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      ...getAccounts(layout)['casemate-keys'],
    },
  );
  let log = '';
  for (const stream of [bao.stdout, bao.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-100_000)));
  const ended = once(bao, 'exit');
  try {
    await waitForVault(paths.vaultSocket, 60_000, () => bao.exitCode !== null);
    await work();
  } catch (error) {
    const said = log.split('\n').filter((line) => line.includes('"error"'));
    if (!(error instanceof Fault) || said.length === 0) throw error;
    throw new Fault(error.message, {
      why: `${error.why ?? ''} It said: ${said.slice(-3).join(' ').slice(0, 1500)}`,
      ...(error.next ? { next: error.next } : {}),
      cause: error,
    });
  } finally {
    if (bao.exitCode === null && bao.signalCode === null) bao.kill('SIGTERM');
    await ended;
  }
}

/** What was there before belongs to other numbers of the same accounts. */
export async function copyTree(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}
