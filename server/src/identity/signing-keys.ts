import { createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, createLocalJWKSet, exportJWK, type JWK } from 'jose';
import { AppError, createKept, type VaultClient } from '../platform/index.ts';

/** The public halves of the signing key's versions that hold, as they were when last read. */
export type SigningKeys = {
  readonly set: { keys: JWK[] };
  readonly kids: ReadonlySet<string>;
  /** Each version and when the key service made it, the oldest first. */
  readonly versions: readonly { version: number; madeAt: number }[];
  readonly find: ReturnType<typeof createLocalJWKSet>;
};

export type SigningKeySource = {
  /** With a `kid` that is unknown the keys are read again, at most every 30 s. */
  get(kid?: string): Promise<SigningKeys>;
  /** At once, while they are read again beside when they are old; nothing when they are not known. */
  current(): SigningKeys | undefined;
  /** Reads them again now: a version was made or withdrawn. */
  refresh(): Promise<SigningKeys>;
};

type Options = {
  now: () => number;
  keepMs: number;
  /** Thumbprints of keys that were withdrawn; asked of the database. */
  withdrawn: () => Promise<ReadonlySet<string>>;
};

/** How long a process goes by what it read. */
export const KEYS_TTL_MS = 5 * 60_000;
/**
 * A new version is published this long before it signs: every process, and whoever else keeps the
 * key set, has read it by then.
 */
export const PUBLISHED_FIRST_MS = 2 * KEYS_TTL_MS;
/** After a reading that failed, or that only an unknown `kid` asked for. */
const AGAIN_MS = 30_000;
/** While the key service is away; no token is older than 30 minutes, so none that is ours is lost. */
const KEYS_LOST_MS = 35 * 60_000;
/** A withdrawal is noticed within this time without a notification. */
const WITHDRAWN_TTL_MS = 5_000;
const WITHDRAWN_AGAIN_MS = 1_000;
/** While the database is away, and sessions cannot be looked at either. */
const WITHDRAWN_LOST_MS = 60_000;

/**
 * Keeps the last keys while the key service is away: tokens can be verified without it. What was
 * withdrawn is asked of the database as well, so that it is refused by who can't ask the key service.
 */
export function createSigningKeys(vault: VaultClient, options: Options): SigningKeySource {
  const { now, keepMs, withdrawn } = options;
  const keys = createKept({
    read: () => readKeys(vault),
    now,
    freshMs: keepMs,
    againMs: AGAIN_MS,
    lostMs: KEYS_LOST_MS,
  });
  const gone = createKept({
    read: withdrawn,
    now,
    freshMs: WITHDRAWN_TTL_MS,
    againMs: WITHDRAWN_AGAIN_MS,
    lostMs: WITHDRAWN_LOST_MS,
  });
  const holding = createFilter();
  let askedAt = -Infinity;
  return {
    get: async (kid) => {
      const [all, out] = await Promise.all([keys.get(), gone.get()]);
      const current = holding(all, out);
      if (kid === undefined || current.kids.has(kid) || now() - askedAt < AGAIN_MS) return current;
      askedAt = now();
      return holding(await keys.refresh(), out);
    },
    current: () => {
      const [all, out] = [keys.last(), gone.last()];
      return all && out && holding(all, out);
    },
    refresh: async () => {
      const [all, out] = await Promise.all([keys.refresh(), gone.refresh()]);
      return holding(all, out);
    },
  };
}

/**
 * The newest version that has been published long enough; the oldest one when none has. By a clock
 * that is late a new version signs later, by one that is early sooner: both are verified.
 */
export function signingVersion(
  { versions }: SigningKeys,
  at: number,
  publishedFirstMs: number,
): number {
  const ripe = versions.filter(({ madeAt }) => madeAt <= at - publishedFirstMs);
  const chosen = ripe.at(-1) ?? versions[0];
  if (!chosen) throw new AppError('unavailable', 'The key service holds no key for access tokens');
  return chosen.version;
}

type Version = { version: number; madeAt: number; thumbprint: string; jwk: JWK };

/** Those that hold; made anew only when they are others. */
function createFilter(): (all: readonly Version[], out: ReadonlySet<string>) => SigningKeys {
  let made: { from: readonly Version[]; kids: string; keys: SigningKeys } | undefined;
  return (all, out) => {
    const held = all.filter(({ thumbprint }) => !out.has(thumbprint));
    const kids = held.map(({ jwk }) => jwk.kid ?? '');
    if (made?.from === all && made.kids === kids.join()) return made.keys;
    const set = { keys: held.map(({ jwk }) => jwk) };
    const versions = held.map(({ version, madeAt }) => ({ version, madeAt }));
    const keys = { set, kids: new Set(kids), versions, find: createLocalJWKSet(set) };
    made = { from: all, kids: kids.join(), keys };
    return keys;
  };
}

async function readKeys(vault: VaultClient): Promise<Version[]> {
  const answer = await vault.read('transit/keys/token-signing');
  const found = answer['keys'] as Record<string, { public_key: string; creation_time: string }>;
  const versions = await Promise.all(
    Object.entries(found).map(async ([version, { public_key, creation_time }]) => {
      const bare = await exportJWK(createPublicKey(public_key));
      return {
        version: Number(version),
        madeAt: Date.parse(creation_time),
        thumbprint: await calculateJwkThumbprint(bare),
        jwk: { ...bare, kid: `v${version}`, alg: 'RS256', use: 'sig' },
      };
    }),
  );
  return versions.sort((a, b) => a.version - b.version);
}
