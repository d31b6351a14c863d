import { createPublicKey } from 'node:crypto';
import { createLocalJWKSet, exportJWK, type JSONWebKeySet } from 'jose';
import type { VaultClient } from '../platform/index.ts';

/** The public halves of the signing key's versions, as they were when last read. */
export type SigningKeys = {
  readonly set: JSONWebKeySet;
  readonly kids: ReadonlySet<string>;
  readonly latest: number;
  readonly find: ReturnType<typeof createLocalJWKSet>;
};

export type SigningKeySource = {
  /** With a `kid` that is unknown the keys are read again, at most every 30 s. */
  get(kid?: string): Promise<SigningKeys>;
  /** Reads the keys again when they are old, without holding anybody up. */
  refreshBeside(): void;
};

type Options = { now: () => number; onWithdrawn: (kids: ReadonlySet<string>) => void };

const KEYS_TTL_MS = 5 * 60_000;
/** After a reading that failed, or that only an unknown `kid` asked for. */
const AGAIN_MS = 30_000;

/** Keeps the last keys while the key service is away: tokens can be verified without it. */
export function createSigningKeys(vault: VaultClient, options: Options): SigningKeySource {
  const { now, onWithdrawn } = options;
  let held: SigningKeys | undefined;
  let staleAt = 0;
  let askedAt = -Infinity;
  let reading: Promise<SigningKeys> | undefined;

  const load = async (): Promise<SigningKeys> => {
    try {
      const before = held;
      held = await readKeys(vault);
      staleAt = now() + KEYS_TTL_MS;
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
  };
}

async function readKeys(vault: VaultClient): Promise<SigningKeys> {
  const answer = await vault.read('transit/keys/token-signing');
  const versions = answer['keys'] as Record<string, { public_key: string }>;
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
    latest: Math.max(...Object.keys(versions).map(Number)),
    find: createLocalJWKSet(set),
  };
}
