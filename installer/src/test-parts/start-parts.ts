import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { DatabasePasswords } from '../database/bootstrap.ts';
import { ensureDir } from '../host/write-file.ts';
import type { VaultRole } from '../instance/paths.ts';
import { storeDatabasePasswords } from '../vault/store-database-passwords.ts';
import { readCredential } from '../vault/log-in.ts';
import { startOllamaPart } from './ollama-part.ts';
import { bootstrapPart, startPostgresqlPart } from './postgresql-part.ts';
import { startVaultPart } from './vault-part.ts';
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
};

export type Parts = {
  socketDir: string;
  databasePort: number;
  /** For `pg`: no password, the account of the operating system is enough. */
  superuser: { host: string; port: number; user: 'postgres'; database: 'postgres' };
  passwords: DatabasePasswords | null;
  vault: VaultPart;
  ollamaUrl: string | undefined;
  stop: () => Promise<void>;
};

export type VaultPart = {
  socket: string;
  roleIdFile: (role: VaultRole) => string;
  issueWrapped: (role: VaultRole) => Promise<string>;
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
  const place = { dir: options.dir, cacheDir: options.cacheDir, runAs };
  const wants = (name: PartName) => options.with.includes(name);
  const started = await Promise.allSettled([
    wants('postgresql') ? startPostgresqlPart(place) : undefined,
    wants('openbao') ? startVaultPart(place) : undefined,
    wants('ollama') ? startOllamaPart(place) : undefined,
  ] as const);
  const stop = async () => {
    await Promise.all(started.map((part) => part.status === 'fulfilled' && part.value?.stop()));
  };
  try {
    const failed = started.find((part) => part.status === 'rejected');
    if (failed) throw failed.reason;
    const [postgresql, vault, ollama] = started.map((part) =>
      part.status === 'fulfilled' ? part.value : undefined,
    ) as [
      Awaited<ReturnType<typeof startPostgresqlPart>> | undefined,
      Awaited<ReturnType<typeof startVaultPart>> | undefined,
      Awaited<ReturnType<typeof startOllamaPart>> | undefined,
    ];
    const passwords = postgresql ? await bootstrapPart(postgresql, options.bootstrapFile) : null;
    if (vault && passwords) {
      await storeDatabasePasswords(
        vault.socket,
        await readCredential(vault.operatorFile),
        passwords,
      );
    }
    const socketDir = postgresql?.access.socketDir ?? path.join(options.dir, 'postgresql');
    const port = postgresql?.access.port ?? 5432;
    return {
      socketDir,
      databasePort: port,
      superuser: { host: socketDir, port, user: 'postgres', database: 'postgres' },
      passwords,
      vault: vault ?? absentVault,
      ollamaUrl: ollama?.url,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const absent = () => {
  throw new Error("Start the parts with 'openbao' to use the key service");
};
const absentVault: VaultPart = {
  socket: '',
  roleIdFile: absent,
  issueWrapped: absent,
  operatorToken: absent,
};
