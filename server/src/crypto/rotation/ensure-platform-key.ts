import type { Platform } from '../../platform/index.ts';
import { platformKeyPlace } from '../key-places.ts';
import { insertPlatformKey, listAllKeys } from '../repo/data-keys.ts';
import { openOwnerDoor } from './owner-door.ts';

/** Makes the platform's first data key; its wrapping key is there since the installation. */
export async function ensurePlatformKey(platform: Platform): Promise<void> {
  const refuse = (): never => {
    throw new Error('the platform has no proof');
  };
  const door = await openOwnerDoor(platform, refuse, null);
  if ((await door(listAllKeys)).length > 0) return;
  if (!(await platform.keys.find(platformKeyPlace.key)))
    await platform.keys.create(platformKeyPlace.key);
  const wrapped = await platform.keys.wrapNew(platformKeyPlace);
  await door((tx) => insertPlatformKey(tx, { version: 1, wrapped, state: 'current' }));
}
