import type { EncryptedColumn, Platform } from '../../platform/index.ts';
import { listAllKeys } from '../repo/data-keys.ts';
import type { NextStep, Rotation } from '../repo/rotations.ts';
import { closeColumns } from './close-columns.ts';
import { prepareDataKey, promoteDataKey, retireDataKeys } from './data-key-steps.ts';
import type { ColumnsOf } from './columns-of.ts';
import { keyPlaceOf, openOwnerDoor, type Door, type ProofOf } from './owner-door.ts';
import { refuseOldWrapping, rotateWrappingKey } from './wrapping-key-steps.ts';

export type Stepping = {
  platform: Platform;
  proofOf: ProofOf;
  columnsOf: ColumnsOf;
};

/**
 * Takes the provisioner's next step of a rotation, and says what follows. Each step can be done
 * again after an interruption at any point.
 */
export async function advanceRotation(stepping: Stepping, rotation: Rotation): Promise<NextStep> {
  const { platform, proofOf } = stepping;
  const door = await openOwnerDoor(platform, proofOf, rotation.tenantId);
  const work = { platform, rotation, door, place: keyPlaceOf(rotation.tenantId) };
  if (rotation.kind === 'wrapping')
    return rotation.state === 'requested' ? rotateWrappingKey(work) : refuseOldWrapping(work);
  if (rotation.state === 'rewritten')
    return close(work.door, rotation, stepping.columnsOf(rotation));
  if (rotation.kind === 'backfill') return beginBackfill(work.door, rotation);
  return rotation.state === 'requested' ? prepareDataKey(work) : promoteDataKey(work);
}

async function beginBackfill(door: Door, { id }: Rotation): Promise<NextStep> {
  const current = (await door(listAllKeys)).find(({ state }) => state === 'current');
  if (!current) return { id, state: 'failed', error: 'There is no data key yet' };
  return { id, state: 'rewriting', fromVersion: current.version, toVersion: current.version };
}

/** The old version goes once the database itself has found no row under it and takes none. */
async function close(
  door: Door,
  { id, toVersion }: Rotation,
  columns: readonly EncryptedColumn[],
): Promise<NextStep> {
  const version = toVersion ?? 1;
  const closed = await closeColumns(door, columns, version);
  // Somebody wrote under the old version after the pass had gone by: another pass.
  if (!closed) return { id, state: 'rewriting' };
  await retireDataKeys(door, version);
  return { id, state: 'done' };
}
