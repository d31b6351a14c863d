import { recordOnPlatform } from '../../audit/index.ts';
import { newId, systemActor, type Platform } from '../../platform/index.ts';
import { listDueOwners, type ScheduledKind } from '../repo/key-ages.ts';
import { insertRotation } from '../repo/rotations.ts';
import { poll, type Keeper } from './poll.ts';

/** NIST SP 800-57 allows two years for a key that encrypts; half of it leaves a year to notice. */
export const KEY_PERIOD_DAYS = 365;

/** So many are asked for at a time: each rewrites all fields of its owner. */
const BATCH = 20;
const KINDS: readonly ScheduledKind[] = ['wrapping', 'data'];

/** Asks for the rotation of keys that are older than their period. Runs in the provisioner. */
export function startKeySchedule(
  platform: Platform,
  { everyMs = 60_000, days = KEY_PERIOD_DAYS } = {},
): Keeper {
  return poll(
    async () => {
      for (const kind of KINDS) await requestDueRotations(platform, { kind, days });
      return false;
    },
    { everyMs, failed: (error) => platform.log.warn('due keys could not be read', { error }) },
  );
}

/** Exported for its tests. Says how many it asked for. */
export function requestDueRotations(
  { db }: Pick<Platform, 'db'>,
  { kind, days }: { kind: ScheduledKind; days: number },
): Promise<number> {
  return db.inControl(async (tx) => {
    let asked = 0;
    for (const tenantId of await listDueOwners(tx, { kind, days, limit: BATCH })) {
      const id = newId();
      if (!(await insertRotation(tx, { id, tenantId, kind, requestedBy: null }))) continue;
      asked += 1;
      const source = { requestId: id, actor: systemActor, ip: null, userAgent: null };
      await recordOnPlatform(tx, source, {
        action: 'key.rotate',
        resourceType: 'key',
        resourceId: tenantId ?? 'platform',
        ...(tenantId === null ? {} : { tenantId }),
        after: { kind, rotation: id, reason: 'due' },
      });
    }
    return asked;
  });
}
