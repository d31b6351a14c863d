import type { Platform, VaultClient } from '../../platform/index.ts';
import type { Secret } from '../secret.ts';

const KEY = 'transit/keys/token-signing';
/**
 * An old version is withdrawn when its successor is this old: ten minutes in which that was only
 * published, thirty for the last token of the longest kind, an hour for a clock that is off, and a
 * rest.
 */
export const WITHDRAWN_AFTER_MS = 2 * 3_600_000;

type Version = { version: number; madeAt: Date };

/** Signs access tokens; RSA 3072 in the transit engine, never outside it (SES-01). */
export const signingKeys: Secret = {
  name: 'signing-keys',
  title: 'Key that signs access tokens',
  kind: 'signing_key',
  periodDays: 90,
  rotatedBy: 'appliance',
  how: 'A new version is published for ten minutes before it signs; the old one is withdrawn two hours later, when no token of it is left.',
  read: async ({ vault }) => {
    const { versions } = await readKey(vault);
    return { count: versions.length, madeAt: versions.at(-1)?.madeAt ?? null };
  },
  rotate: async ({ vault }, { requestedAt, compromised }) => {
    const before = await readKey(vault);
    const latest = before.versions.at(-1);
    if (!latest || latest.madeAt < requestedAt) await vault.write(`${KEY}/rotate`, {});
    if (compromised) await withdrawBelow(vault, (await readKey(vault)).versions.at(-1)?.version);
  },
};

/** Withdraws for good what no valid token can be signed with any more. Says how many are left. */
export async function withdrawOldVersions(
  { vault }: Pick<Platform, 'vault'>,
  at: Date,
  afterMs = WITHDRAWN_AFTER_MS,
): Promise<number> {
  const { versions } = await readKey(vault);
  const settled = versions.filter(({ madeAt }) => at.getTime() - madeAt.getTime() >= afterMs);
  const keep = settled.at(-1)?.version;
  if (keep === undefined || keep === versions[0]?.version) return versions.length;
  await withdrawBelow(vault, keep);
  return versions.filter(({ version }) => version >= keep).length;
}

async function withdrawBelow(vault: VaultClient, version: number | undefined): Promise<void> {
  if (version === undefined) return;
  await vault.write(`${KEY}/config`, {
    min_decryption_version: version,
    min_encryption_version: version,
  });
  // From here on the old versions are gone from the key service, too.
  await vault.write(`${KEY}/trim`, { min_available_version: version });
}

async function readKey(vault: VaultClient): Promise<{ versions: Version[] }> {
  const answer = await vault.read(KEY);
  const keys = (answer['keys'] ?? {}) as Record<string, { creation_time: string }>;
  const versions = Object.entries(keys)
    .map(([version, { creation_time }]) => ({
      version: Number(version),
      madeAt: new Date(creation_time),
    }))
    .sort((a, b) => a.version - b.version);
  return { versions };
}
