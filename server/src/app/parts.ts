import { createTenantKeys, type TenantKeys } from '../crypto/index.ts';
import {
  createAccessTokens,
  createPasswordHasher,
  createSessionCache,
  type IdentityParts,
} from '../identity/index.ts';
import {
  AppError,
  createDatabase,
  createLog,
  createMetrics,
  createModelServer,
  createVault,
  systemClock,
  type Config,
  type DatabaseCredential,
  type Platform,
  type VaultClient,
} from '../platform/index.ts';
import { createOpenTenant, type OpenTenant } from '../tenancy/index.ts';
import { childProgram } from './child-program.ts';

export type ProgramName = 'server' | 'provisioner';

/** Everything a program of the server is made of, composed once at start. */
export type Parts = {
  readonly platform: Platform;
  readonly openTenant: OpenTenant;
  readonly tenantKeys: TenantKeys;
  readonly identity: IdentityParts;
};

/** Signs in to the key service, opens the database with the credential found there. */
export async function createParts(config: Config, program: ProgramName): Promise<Parts> {
  const log = createLog({ level: config.CASEMATE_LOG_LEVEL, fields: { program } });
  const vault = createVault({ config, log });
  const db = await createDatabase({ config, log, credential: databaseCredential(vault, program) });
  const platform: Platform = {
    config,
    log,
    vault,
    db,
    clock: systemClock,
    models: createModelServer(config.CASEMATE_OLLAMA_URL),
    metrics: createMetrics(),
  };
  return {
    platform,
    openTenant: createOpenTenant(db, vault),
    tenantKeys: createTenantKeys(vault),
    identity: {
      tokens: createAccessTokens(vault),
      hasher: createPasswordHasher(childProgram('identity/hash-worker')),
      sessions: createSessionCache(db),
    },
  };
}

/** The password of a database account; read again when `fresh` is asked for, since it rotates. */
export function databaseCredential(
  vault: VaultClient,
  role: ProgramName | 'migrator',
): (fresh: boolean) => Promise<DatabaseCredential> {
  let held: Promise<DatabaseCredential> | undefined;
  return (fresh) => {
    if (fresh) held = undefined;
    held ??= readCredential(vault, role);
    held.catch(() => (held = undefined));
    return held;
  };
}

async function readCredential(vault: VaultClient, role: string): Promise<DatabaseCredential> {
  const { data } = await vault.read(`kv/data/database/${role}`);
  const { username, password } = (data ?? {}) as Partial<DatabaseCredential>;
  if (!username || !password)
    throw new AppError('unavailable', `The key service holds no database password for ${role}`);
  return { username, password };
}
