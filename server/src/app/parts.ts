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
  type CredentialOf,
  type DatabaseCredential,
  type Platform,
  type VaultClient,
} from '../platform/index.ts';
import {
  createOpenTenant,
  createTenantChanges,
  type OpenTenant,
  type TenantChanges,
} from '../tenancy/index.ts';
import { childProgram } from './child-program.ts';

export type ProgramName = 'server' | 'provisioner';

/** Everything a program of the server is made of, composed once at start. */
export type Parts = {
  readonly platform: Platform;
  readonly openTenant: OpenTenant;
  /** Silent until started; a command of a few seconds need not listen. */
  readonly tenantChanges: TenantChanges;
  readonly tenantKeys: TenantKeys;
  readonly identity: IdentityParts;
};

/** Signs in to the key service, opens the database with the credential found there. */
export async function createParts(config: Config, program: ProgramName): Promise<Parts> {
  const log = createLog({ level: config.CASEMATE_LOG_LEVEL, fields: { program } });
  const vault = createVault({ config, log });
  const db = await createDatabase({
    config,
    log,
    login: `casemate_${program}`,
    credential: databaseCredential(vault),
  });
  const tenantChanges = createTenantChanges(db, log);
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
    openTenant: createOpenTenant({ db, vault, changes: tenantChanges }),
    tenantChanges,
    tenantKeys: createTenantKeys(vault),
    identity: {
      tokens: createAccessTokens(vault),
      hasher: createPasswordHasher(childProgram('identity/hash-worker')),
      sessions: createSessionCache(db),
    },
  };
}

/** Passwords of login roles, kept until a fresh one is asked for: they rotate. */
export function databaseCredential(vault: VaultClient): CredentialOf {
  const held = new Map<string, Promise<DatabaseCredential>>();
  return (login, fresh) => {
    if (fresh) held.delete(login);
    const known = held.get(login) ?? readCredential(vault, login);
    held.set(login, known);
    known.catch(() => held.delete(login));
    return known;
  };
}

/** All login roles of the server share one password: they are one process. */
async function readCredential(vault: VaultClient, login: string): Promise<DatabaseCredential> {
  const account = login.replace(/^casemate_/, '').replace(/_\d+$/, '');
  const { data } = await vault.read(`kv/data/database/${account}`);
  const { password } = (data ?? {}) as Partial<DatabaseCredential>;
  if (!password)
    throw new AppError('unavailable', `The key service holds no database password for ${login}`);
  return { username: login, password };
}
