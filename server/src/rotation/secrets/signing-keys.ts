import { createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import type { Platform } from '../../platform/index.ts';
import { announceRotation, insertWithdrawnKeys } from '../repo.ts';
import type { Secret } from '../secret.ts';

const KEY = 'transit/keys/token-signing';
/**
 * An old version is withdrawn when its successor is this old: ten minutes in which that was only
 * published, thirty for the last token of the longest kind, an hour for a clock that is off, and a
 * rest.
 */
export const WITHDRAWN_AFTER_MS = 2 * 3_600_000;

type Version = { version: number; madeAt: Date; publicKey: string };
type Parts = Pick<Platform, 'vault' | 'db'>;

/** Signs access tokens; RSA 3072 in the transit engine, never outside it (SES-01). */
export const signingKeys: Secret = {
  name: 'signing-keys',
  title: 'Key that signs access tokens',
  kind: 'signing_key',
  periodDays: 90,
  rotatedBy: 'appliance',
  how: 'A new version is published for ten minutes before it signs; the old one is withdrawn two hours later, when no token of it is left.',
  read: async (platform) => {
    const versions = await readVersions(platform);
    return { count: versions.length, madeAt: versions.at(-1)?.madeAt ?? null };
  },
  rotate: async (platform, { requestedAt, compromised }) => {
    const latest = (await readVersions(platform)).at(-1);
    if (!latest || latest.madeAt < requestedAt) await platform.vault.write(`${KEY}/rotate`, {});
    if (!compromised) return;
    const versions = await readVersions(platform);
    await withdrawBelow(platform, versions, versions.at(-1)?.version);
  },
};

/** Withdraws for good what no valid token can be signed with any more. Says how many are left. */
export async function withdrawOldVersions(
  parts: Parts,
  at: Date,
  afterMs = WITHDRAWN_AFTER_MS,
): Promise<number> {
  const versions = await readVersions(parts);
  const settled = versions.filter(({ madeAt }) => at.getTime() - madeAt.getTime() >= afterMs);
  const keep = settled.at(-1)?.version;
  if (keep === undefined || keep === versions[0]?.version) return versions.length;
  await withdrawBelow(parts, versions, keep);
  return versions.filter(({ version }) => version >= keep).length;
}

/**
 * The database first: who can't ask the key service refuses them from then on, and a key service that
 * is restored from a time when it held them gives none back.
 */
async function withdrawBelow(
  { vault, db }: Parts,
  versions: readonly Version[],
  keep: number | undefined,
): Promise<void> {
  if (keep === undefined) return;
  const old = versions.filter(({ version }) => version < keep);
  const thumbprints = await Promise.all(
    old.map(async ({ publicKey }) =>
      calculateJwkThumbprint(await exportJWK(createPublicKey(publicKey))),
    ),
  );
  await db.inControl(async (tx) => {
    await insertWithdrawnKeys(tx, thumbprints);
    await announceRotation(tx);
  });
  await vault.write(`${KEY}/config`, {
    min_decryption_version: keep,
    min_encryption_version: keep,
  });
  // From here on the old versions are gone from the key service, too.
  await vault.write(`${KEY}/trim`, { min_available_version: keep });
}

async function readVersions({ vault }: Pick<Platform, 'vault'>): Promise<Version[]> {
  const answer = await vault.read(KEY);
  const keys = (answer['keys'] ?? {}) as Record<
    string,
    { creation_time: string; public_key: string }
  >;
  return Object.entries(keys)
    .map(([version, { creation_time, public_key }]) => ({
      version: Number(version),
      madeAt: new Date(creation_time),
      publicKey: public_key,
    }))
    .sort((a, b) => a.version - b.version);
}
