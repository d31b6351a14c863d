import { timingSafeEqual } from 'node:crypto';
import { AppError, VaultError, type KeyBackend, type KeyPlace } from '../platform/index.ts';
import type { WrappedKey } from './fields/key-ring.ts';
import { tenantKeyPlace } from './key-places.ts';

type Held = { live: readonly WrappedKey[]; saved: readonly WrappedKey[] };

/**
 * Which data keys of a backup a tenant needs beside those it has, so that every field of the backup
 * opens: a version that is still in use stays as it is, though the wrapping key was rotated since; one
 * that was retired comes back, if its wrapping key still opens it. Throws not_allowed_now when it opens
 * no longer, or when a version is another key today.
 */
export async function matchDataKeys(
  keys: KeyBackend,
  tenantId: string,
  { live, saved }: Held,
): Promise<number[]> {
  const place = tenantKeyPlace(tenantId);
  const needed: number[] = [];
  for (const { version, wrapped, state } of saved) {
    if (state === 'retired') continue;
    const present = live.find((key) => key.version === version && key.state !== 'retired');
    if (present?.wrapped === wrapped) continue;
    const old = await unwrapOne(keys, place, wrapped);
    if (present === undefined) {
      if (old === null)
        throw new AppError(
          'not_allowed_now',
          `The data of this backup opens no longer: its key (version ${version}) was retired since, and the wrapping key rotated`,
        );
      needed.push(version);
    } else refuseAnother(old, await unwrapOne(keys, place, present.wrapped), version);
    old?.fill(0);
  }
  return needed;
}

/** Null when the key service refuses it: its wrapping key is of a version that opens no longer. */
async function unwrapOne(
  keys: KeyBackend,
  place: KeyPlace,
  wrapped: string,
): Promise<Buffer | null> {
  try {
    return (await keys.unwrap(place, [wrapped]))[0] ?? null;
  } catch (error) {
    if (error instanceof VaultError && error.statusCode === 400) return null;
    throw error;
  }
}

/** After a restore of everything two keys of one version can have been drawn. */
function refuseAnother(old: Buffer | null, now: Buffer | null, version: number): void {
  const same = old === null || (now !== null && timingSafeEqual(old, now));
  now?.fill(0);
  if (same) return;
  throw new AppError(
    'not_allowed_now',
    `The backup is of another history: version ${version} of the data key is a different one today`,
  );
}
