import { wrappingVersion } from '../../platform/index.ts';
import { listAllKeys, replaceWrapped } from '../repo/data-keys.ts';
import { moveRotation, type NextStep } from '../repo/rotations.ts';
import type { StepWork } from './data-key-steps.ts';

/** A process that has just read an old wrapping still gets it opened. */
const SETTLE_SECONDS = 2;

/**
 * Adds a version to the wrapping key and wraps every data key anew, unseen. The version it starts
 * from is written down first: an interrupted run does not rotate twice.
 */
export async function rotateWrappingKey(work: StepWork): Promise<NextStep> {
  const { platform, rotation, place } = work;
  const { id } = rotation;
  const known = await platform.keys.find(place.key);
  if (!known) return { id, state: 'failed', error: 'The key service has no such key' };
  const fromVersion = rotation.fromVersion ?? known.latest;
  if (rotation.fromVersion === null)
    await platform.db.inControl((tx) => moveRotation(tx, { id, state: 'requested', fromVersion }));
  if (known.latest === fromVersion) await platform.keys.rotate(place.key);
  const toVersion = fromVersion + 1;
  await rewrapAll(work, toVersion);
  return { id, state: 'prepared', fromVersion, toVersion, dueInSeconds: SETTLE_SECONDS };
}

/** Every data key is under the new version: the key service opens nothing of the older ones. */
export async function refuseOldWrapping(work: StepWork): Promise<NextStep> {
  const { platform, rotation, place } = work;
  const toVersion = rotation.toVersion ?? 1;
  await rewrapAll(work, toVersion);
  await platform.keys.refuseBefore(place.key, toVersion);
  return { id: rotation.id, state: 'done' };
}

async function rewrapAll({ platform, door, place }: StepWork, toVersion: number): Promise<void> {
  for (const { version, wrapped, state } of await door(listAllKeys)) {
    if (state === 'retired' || wrappingVersion(wrapped) >= toVersion) continue;
    const moved = await platform.keys.rewrap(place, wrapped);
    await door((tx) => replaceWrapped(tx, { version, wrapped: moved }));
  }
}
