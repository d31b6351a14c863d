import type { KeyPlace, Platform } from '../../platform/index.ts';
import {
  insertKey,
  insertPlatformKey,
  listAllKeys,
  promoteKey,
  retireKeysBefore,
} from '../repo/data-keys.ts';
import type { NextStep, Rotation } from '../repo/rotations.ts';
import type { Door } from './owner-door.ts';

export type StepWork = { platform: Platform; rotation: Rotation; door: Door; place: KeyPlace };

/** Strict mode keeps keys as long as a request may last. */
const STRICT_SECONDS = 60;
const LONGEST_MARGIN_SECONDS = 5;

/** After so long no process has keys that it read before now. */
export function secondsUntilForgotten({ config }: Platform): number {
  const kept = config.CASEMATE_DATA_KEY_SECONDS || STRICT_SECONDS;
  return kept + Math.max(0.5, Math.min(LONGEST_MARGIN_SECONDS, kept / 4));
}

/** Adds the new version as `next`: within the time above every process can open what it seals. */
export async function prepareDataKey(work: StepWork): Promise<NextStep> {
  const { platform, rotation, door, place } = work;
  const keys = await door(listAllKeys);
  const current = keys.find(({ state }) => state === 'current');
  if (!current) return { id: rotation.id, state: 'failed', error: 'There is no data key yet' };
  let version = keys.find(({ state }) => state === 'next')?.version;
  if (version === undefined) {
    version = Math.max(...keys.map((key) => key.version)) + 1;
    const added = { version, wrapped: await platform.keys.wrapNew(place), state: 'next' as const };
    const { tenantId } = rotation;
    await door((tx) =>
      tenantId === null ? insertPlatformKey(tx, added) : insertKey(tx, tenantId, added),
    );
  }
  return {
    id: rotation.id,
    state: 'prepared',
    fromVersion: current.version,
    toVersion: version,
    dueInSeconds: secondsUntilForgotten(platform),
  };
}

/** Fields are sealed under the new version from now on, everywhere within the time above. */
export async function promoteDataKey({ platform, rotation, door }: StepWork): Promise<NextStep> {
  await door((tx) => promoteKey(tx, rotation.toVersion ?? 0));
  return {
    id: rotation.id,
    state: 'rewriting',
    dueInSeconds: secondsUntilForgotten(platform),
  };
}

export async function retireDataKeys(door: Door, version: number): Promise<void> {
  await door((tx) => retireKeysBefore(tx, version));
}
