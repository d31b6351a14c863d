import { createTenantKeys, type TenantKeys } from '../crypto/index.ts';
import {
  createAccessTokens,
  createPasswordHasher,
  createSessionCache,
  type IdentityParts,
} from '../identity/index.ts';
import {
  createDatabase,
  createKeyBackend,
  createLog,
  createMetrics,
  createModelServer,
  createVault,
  systemClock,
  type Config,
  type Platform,
} from '../platform/index.ts';
import {
  createFingerprints,
  createOpenTenant,
  createTenantChanges,
  createTiers,
  intoNamespaces,
  type Fingerprints,
  type OpenTenant,
  type TenantChanges,
  type Tiers,
} from '../tenancy/index.ts';
import { childProgram } from './child-program.ts';
import { databaseCredential } from './database-credential.ts';

export type ProgramName = 'server' | 'provisioner';

/** Everything a program of the server is made of, composed once at start. */
export type Parts = {
  readonly platform: Platform;
  readonly openTenant: OpenTenant;
  /** Silent until started; a command of a few seconds need not listen. */
  readonly tenantChanges: TenantChanges;
  readonly tenantKeys: TenantKeys;
  readonly tiers: Tiers;
  readonly fingerprints: Fingerprints;
  readonly identity: IdentityParts;
};

/** Signs in to the key service, opens the database with the credential found there. */
export async function createParts(config: Config, program: ProgramName): Promise<Parts> {
  const log = createLog({
    level: config.CASEMATE_LOG_LEVEL,
    fields: { program },
  });
  const keyService = createVault({ config, log });
  const db = await createDatabase({
    config,
    log,
    login: `casemate_${program}`,
    credential: databaseCredential(keyService),
  });
  const tiers = createTiers(db);
  const vault = intoNamespaces(keyService, tiers);
  const tenantChanges = createTenantChanges(db, log);
  const keys = createKeyBackend(config, vault);
  const tenantKeys = createTenantKeys(keys, {
    seconds: config.CASEMATE_DATA_KEY_SECONDS,
    uses: config.CASEMATE_DATA_KEY_USES,
  });
  tenantChanges.onTenantChange(({ tenantId, state }) => {
    if (state !== 'active') tenantKeys.erase(tenantId);
  });
  const platform: Platform = {
    config,
    log,
    vault,
    keys,
    db,
    clock: systemClock,
    models: createModelServer(config.CASEMATE_OLLAMA_URL),
    metrics: createMetrics(),
  };
  return {
    platform,
    openTenant: createOpenTenant({ db, vault, changes: tenantChanges }),
    tenantChanges,
    tenantKeys,
    tiers,
    fingerprints: createFingerprints(vault, tenantChanges),
    identity: {
      tokens: createAccessTokens(vault),
      hasher: createPasswordHasher(childProgram('identity/hash-worker')),
      sessions: createSessionCache(db),
    },
  };
}
