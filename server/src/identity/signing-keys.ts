import { createPublicKey } from 'node:crypto';
import { createLocalJWKSet, exportJWK, type JSONWebKeySet } from 'jose';
import { AppError, type VaultClient } from '../platform/index.ts';

/** The public halves of the signing key's versions, as they were when last read. */
export type SigningKeys = {
  readonly set: JSONWebKeySet;
  readonly kids: ReadonlySet<string>;
  /** Each version and when the key service made it, the oldest first. */
  readonly versions: readonly { version: number; madeAt: number }[];
  readonly find: ReturnType<typeof createLocalJWKSet>;
};

export type SigningKeySource = {
  /** With a `kid` that is unknown the keys are read again, at most every 30 s. */
  get(kid?: string): Promise<SigningKeys>;
  /** Reads the keys again when they are old, without holding anybody up. */
  refreshBeside(): void;
  /** Reads them again now: a version was made or withdrawn. */
  refresh(): Promise<SigningKeys>;
};

type Options = {
  now: () => number;
  keepMs: number;
  onWithdrawn: (kids: ReadonlySet<string>) => void;
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

/** Keeps the last keys while the key service is away: tokens can be verified without it. */
export function createSigningKeys(vault: VaultClient, options: Options): SigningKeySource {
  const { now, keepMs, onWithdrawn } = options;
  let held: SigningKeys | undefined;
  let staleAt = 0;
  let askedAt = -Infinity;
  let reading: Promise<SigningKeys> | undefined;

  const load = async (): Promise<SigningKeys> => {
    try {
      const before = held;
      held = await readKeys(vault);
      staleAt = now() + keepMs;
      const { kids } = held;
      if (before && [...before.kids].some((kid) => !kids.has(kid))) onWithdrawn(kids);
      return held;
    } catch (error) {
      if (!held) throw error;
      staleAt = now() + AGAIN_MS;
      return held;
    }
  };
  const read = (): Promise<SigningKeys> => {
    reading ??= load().finally(() => (reading = undefined));
    return reading;
  };
  return {
    get: async (kid) => {
      const current = held && now() < staleAt ? held : await read();
      if (kid === undefined || current.kids.has(kid) || now() - askedAt < AGAIN_MS) return current;
      askedAt = now();
      return read();
    },
    refreshBeside: () => {
      if (now() >= staleAt) read().catch(() => undefined);
    },
    refresh: read,
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

async function readKeys(vault: VaultClient): Promise<SigningKeys> {
  const answer = await vault.read('transit/keys/token-signing');
  const versions = answer['keys'] as Record<string, { public_key: string; creation_time: string }>;
  const keys = await Promise.all(
    Object.entries(versions).map(async ([version, { public_key }]) => ({
      ...(await exportJWK(createPublicKey(public_key))),
      kid: `v${version}`,
      alg: 'RS256',
      use: 'sig',
    })),
  );
  const set = { keys };
  return {
    set,
    kids: new Set(keys.map(({ kid }) => kid)),
    versions: Object.entries(versions)
      .map(([version, key]) => ({
        version: Number(version),
        madeAt: Date.parse(key.creation_time),
      }))
      .sort((a, b) => a.version - b.version),
    find: createLocalJWKSet(set),
  };
}
