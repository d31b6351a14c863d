import { KEY_PERIOD_DAYS, readKeyAges, type ScheduledKind } from '../../crypto/index.ts';
import type { Platform } from '../../platform/index.ts';
import type { Secret, SecretReading } from '../secret.ts';

/** The keys of the platform and of all tenants; room `crypto` rotates them, owner by owner. */
async function readOwners(kind: ScheduledKind, { db }: Platform): Promise<SecretReading> {
  const { open, oldest, closed } = await db.inControl((tx) => readKeyAges(tx, kind));
  const note =
    closed === 1
      ? '1 tenant is closed: its key is rotated when it is open'
      : `${closed} tenants are closed: their keys are rotated when they are open`;
  return { count: open + closed, madeAt: oldest, ...(closed > 0 ? { note } : {}) };
}

export const wrappingKeys: Secret = {
  name: 'wrapping-keys',
  title: 'Keys that wrap the data keys of the platform and the tenants',
  kind: 'encryption_key',
  periodDays: KEY_PERIOD_DAYS,
  rotatedBy: 'appliance',
  how: 'The key service makes a new version, the data keys are wrapped anew, and the old version is refused.',
  command: 'casemate keys rewrap --all',
  read: (platform) => readOwners('wrapping', platform),
};

export const dataKeys: Secret = {
  name: 'data-keys',
  title: 'Keys that encrypt the fields of the platform and the tenants',
  kind: 'encryption_key',
  periodDays: KEY_PERIOD_DAYS,
  rotatedBy: 'appliance',
  how: 'Every field is encrypted anew in the background; the old key is destroyed when nothing uses it.',
  command: 'casemate keys rotate --all',
  read: (platform) => readOwners('data', platform),
};
