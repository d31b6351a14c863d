import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { setRotatorPassword } from '../database/bootstrap.ts';
import type { SuperuserAccess } from '../database/run-sql.ts';
import { loginAccounts } from '../database/login-accounts.ts';
import { ensureDir } from '../host/write-file.ts';
import type { VaultRole } from '../instance/paths.ts';
import { connectEngine, manageAccounts } from '../vault/database-engine.ts';
import { startOllamaPart } from './ollama-part.ts';
import { readPasswords } from './read-password.ts';
import { bootstrapPart, startPostgresqlPart } from './postgresql-part.ts';
import { startVaultPart } from './vault-part.ts';
import { startChild, type Launch } from './start-child.ts';
import { unprivileged } from './unprivileged.ts';

export type PartName = 'postgresql' | 'openbao' | 'ollama';

export type StartPartsOptions = {
  /** Becomes the home of the parts; best a short path in the temporary directory (socket paths). */
  dir: string;
  /** Default: the cache of the user. */
  cacheDir?: string;
  with: readonly PartName[];
  /** Default: server/migrations/bootstrap.sql of this checkout. */
  bootstrapFile?: string;
  /** Starts PostgreSQL and OpenBao; default: as children of this process. */
  launch?: Launch;
};

export type DrawnPasswords = Record<VaultRole | 'server_0', string>;

export type Parts = {
  socketDir: string;
  databasePort: number;
  /** For `pg`: no password, the account of the operating system is enough. */
  superuser: { host: string; port: number; user: 'postgres'; database: 'postgres' };
  /** As they were drawn; null without the key service, or without accounts to draw them for. */
  passwords: DrawnPasswords | null;
  vault: VaultPart;
  ollamaUrl: string | undefined;
  stop: () => Promise<void>;
};

export type VaultPart = {
  socket: string;
  roleIdFile: (role: VaultRole) => string;
  issueWrapped: (role: VaultRole) => Promise<string>;
  /** Its credential at the key service, for what only an operator may. */
  operatorFile: string;
  operatorToken: () => Promise<string>;
};

/**
 * Private PostgreSQL, OpenBao and Ollama in `dir`, configured as on an installed host (but without
 * fsync), as an unprivileged account when called by root. They end with `stop`, or with the process.
 */
export async function startParts(options: StartPartsOptions): Promise<Parts> {
  const runAs = unprivileged();
  await mkdir(options.dir, { recursive: true });
  await ensureDir(options.dir, { mode: runAs ? 0o711 : 0o700 });
  const launch = options.launch ?? startChild;
  const place = { dir: options.dir, cacheDir: options.cacheDir, runAs, launch };
  const wants = (name: PartName) => options.with.includes(name);
  const started = await startAll({
    postgresql: wants('postgresql') ? () => startPostgresqlPart(place) : undefined,
    openbao: wants('openbao') ? () => startVaultPart(place) : undefined,
    ollama: wants('ollama') ? () => startOllamaPart(place) : undefined,
  });
  try {
    const { postgresql, openbao, ollama } = started.parts;
    const bootstrapped = postgresql && (await bootstrapPart(postgresql, options.bootstrapFile));
    const passwords =
      openbao && bootstrapped ? await drawPasswords(openbao, postgresql.access) : null;
    const socketDir = postgresql?.access.socketDir ?? '';
    const port = postgresql?.access.port ?? 5432;
    return {
      socketDir,
      databasePort: port,
      superuser: { host: socketDir, port, user: 'postgres', database: 'postgres' },
      passwords,
      vault: openbao ?? absentVault,
      ollamaUrl: ollama?.url,
      stop: started.stop,
    };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

/** As the installer does it; see steps/give-database-passwords.ts. */
async function drawPasswords(vault: VaultPart, access: SuperuserAccess): Promise<DrawnPasswords> {
  const { socketDir, port } = access;
  const token = await vault.operatorToken();
  const engine = { socketPath: vault.socket, token, database: { socketDir, port } };
  const password = randomBytes(32).toString('hex');
  await setRotatorPassword(access, password);
  await connectEngine(engine, password);
  await manageAccounts(engine, loginAccounts);
  return {
    ...(await readPasswords(vault, 'server', ['server', 'server_0'])),
    ...(await readPasswords(vault, 'provisioner', ['provisioner'])),
    ...(await readPasswords(vault, 'migrator', ['migrator'])),
  };
}

type Starters = {
  postgresql: (() => ReturnType<typeof startPostgresqlPart>) | undefined;
  openbao: (() => ReturnType<typeof startVaultPart>) | undefined;
  ollama: (() => ReturnType<typeof startOllamaPart>) | undefined;
};

/** At the same time; if one fails, those that came up are stopped again. */
async function startAll(starters: Starters) {
  const running: { stop: () => Promise<void> }[] = [];
  const start = async <T extends { stop: () => Promise<void> }>(
    starter: (() => Promise<T>) | undefined,
  ): Promise<T | undefined> => {
    const part = await starter?.();
    if (part) running.push(part);
    return part;
  };
  const stop = async () => {
    await Promise.all(running.map((part) => part.stop()));
  };
  const [postgresql, openbao, ollama] = [
    start(starters.postgresql),
    start(starters.openbao),
    start(starters.ollama),
  ] as const;
  const outcomes = await Promise.allSettled([postgresql, openbao, ollama]);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    stop,
    parts: { postgresql: await postgresql, openbao: await openbao, ollama: await ollama },
  };
}

const absent = () => {
  throw new Error("Start the parts with 'openbao' to use the key service");
};
const absentVault: VaultPart = {
  socket: '',
  roleIdFile: absent,
  issueWrapped: absent,
  operatorFile: '',
  operatorToken: absent,
};
