import { createTenantKeys, type TenantKeys } from '../crypto/index.ts';
import {
  createAccessTokens,
  createLeakedPasswords,
  createPasswordHasher,
  createRights,
  createSessionCache,
  createSessionWatch,
  withdrawnKeys,
  type IdentityParts,
} from '../identity/index.ts';
import {
  addressesOf,
  createDatabase,
  createKeyBackend,
  createLog,
  createMetrics,
  createModelServer,
  createResilience,
  createVault,
  guardDatabase,
  guardModels,
  guardVault,
  noTokenPepper,
  readTokenPepper,
  systemClock,
  type Config,
  type Database,
  type ModelServer,
  type Platform,
  type ShareName,
  type VaultClient,
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
import { besideProgram, childProgram } from './child-program.ts';
import { databaseCredential } from './database-credential.ts';
import { refuseWeakPassword } from './secret-strength.ts';

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
  /** The same platform with the database connections of another kind of work. */
  platformFor(share: ShareName | 'limits'): Platform;
};

/** Signs in to the key service, opens the database with the credential found there. */
export async function createParts(config: Config, program: ProgramName): Promise<Parts> {
  const log = createLog({
    level: config.CASEMATE_LOG_LEVEL,
    fields: { program },
    syslog: config.CASEMATE_SYSLOG_URL,
  });
  const metrics = createMetrics();
  const resilience = createResilience(config, log, metrics.registry);
  const { breakers, control, tenants } = resilience;
  const keyService = guardVault(
    createVault({ config, log }),
    breakers['key-service'],
    resilience.keyService,
  );
  const unguarded = await createDatabase({
    config,
    log,
    login: `casemate_${program}`,
    credential: refuseWeakPassword(config, databaseCredential(keyService)),
    // Each tenant that it builds leaves a quarter of a megabyte in the backend, and takes some uses.
    ...(program === 'provisioner' ? { usesPerConnection: 400 } : {}),
  });
  const dbFor = (share: ShareName, retries = true): Database =>
    guardDatabase(unguarded, { breaker: breakers.database, control, tenants, share, retries });
  const db = dbFor('background');
  const tiers = createTiers(dbFor('request'));
  const vault = intoNamespaces(keyService, tiers);
  const tenantChanges = createTenantChanges(db, log);
  const keys = createKeyBackend(config, vault);
  const tenantKeys = createTenantKeys(keys, {
    seconds: config.CASEMATE_DATA_KEY_SECONDS,
    uses: config.CASEMATE_DATA_KEY_USES,
    longestSeconds: config.CASEMATE_DATA_KEY_LONGEST_SECONDS,
  });
  tenantChanges.onTenantChange(({ tenantId, state }) => {
    if (state !== 'active') tenantKeys.erase(tenantId);
  });
  const platform: Platform = {
    config,
    log,
    vault,
    keys,
    pepper: program === 'server' ? await readTokenPepper(keyService) : noTokenPepper,
    db,
    clock: systemClock,
    models: guardModels(openModels(config), breakers['model-server']),
    metrics,
    resilience,
  };
  const platforms: Readonly<Record<ShareName | 'limits', Platform>> = {
    background: platform,
    request: { ...platform, db: dbFor('request') },
    stream: { ...platform, db: dbFor('stream') },
    'sign-in': { ...platform, db: dbFor('sign-in') },
    // A budget has another way when the database is away, and must not wait for it.
    limits: { ...platform, db: dbFor('sign-in', false) },
  };
  return {
    platform,
    platformFor: (share) => platforms[share],
    openTenant: createOpenTenant({
      db: platforms.request.db,
      vault,
      changes: tenantChanges,
    }),
    tenantChanges,
    tenantKeys,
    tiers,
    fingerprints: createFingerprints(vault, tenantChanges),
    identity: openIdentity(platforms, vault),
  };
}

const openModels = (config: Config, pool = config.CASEMATE_OLLAMA_POOL): ModelServer =>
  createModelServer(config.CASEMATE_OLLAMA_URL, {
    tls: {
      ca: config.CASEMATE_OLLAMA_CA_FILE,
      cert: config.CASEMATE_OLLAMA_CERT_FILE,
      key: config.CASEMATE_OLLAMA_KEY_FILE,
    },
    pool: pool === undefined ? undefined : () => addressesOf(pool),
  });

/** Reads of sessions and keys stand in the share of requests. */
function openIdentity(
  { request, background }: Readonly<Record<'request' | 'background', Platform>>,
  vault: VaultClient,
): IdentityParts {
  const { db, log, pepper, config } = request;
  const leakedFile = config.CASEMATE_LEAKED_PASSWORDS_FILE;
  const rights = createRights({
    pepper,
    db: background.db,
    log,
    factorOf: config.CASEMATE_SECOND_FACTOR_OF,
    phone: config.CASEMATE_SMS_FACTOR,
  });
  return {
    tokens: createAccessTokens(vault, { withdrawn: () => db.readControl(withdrawnKeys) }),
    hasher: createPasswordHasher(childProgram('identity/hash-worker')),
    leaked: createLeakedPasswords(leakedFile ?? besideProgram('leaked-passwords.bin')),
    relay: config.CASEMATE_SMTP_HOST !== undefined,
    rights,
    pepper,
    sessions: createSessionCache(db, rights, { lifetimeMs: config.CASEMATE_SESSION_CACHE_MS }),
    watch: createSessionWatch({ db, rights, log, everyMs: config.CASEMATE_SESSION_CACHE_MS }),
  };
}
