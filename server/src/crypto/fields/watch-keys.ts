import type { Platform } from '../../platform/index.ts';
import { listOwnersAtRest } from '../repo/owners-at-rest.ts';
import { poll, type Keeper } from '../rotation/poll.ts';
import type { TenantKeys } from '../tenant-keys.ts';

/**
 * Renews unwrapped keys that are in use, four times in their time, as long as the database says that
 * their owner is open and that no rotation of its keys is under way or has just ended, and the key
 * service, heard or asked once in their time, that it is not sealed. Whoever does not hear both erases its keys
 * when their time is over, as without this; so a rotation, which waits for that time, never meets a
 * process with older keys.
 */
export function startKeyWatch(platform: Platform, keys: TenantKeys): Keeper {
  const { CASEMATE_DATA_KEY_SECONDS: seconds, CASEMATE_DATA_KEY_LONGEST_SECONDS: longest } =
    platform.config;
  if (seconds === 0 || longest <= seconds) return { stop: () => Promise.resolve() };
  const unsealedAt = async (): Promise<number> => {
    const { vault } = platform;
    // There are four rounds in the keys' time: the next comes before three quarters of it.
    if (performance.now() - vault.answeredAt() >= seconds * 500)
      await vault.read('auth/token/lookup-self');
    return vault.answeredAt();
  };
  return poll(
    async () => {
      const owners = keys.held.owners();
      if (owners.length === 0) return false;
      const asOf = await unsealedAt();
      const atRest = await platform.db.readControl((tx) =>
        listOwnersAtRest(tx, { owners, quietSeconds: 2 * seconds }),
      );
      for (const owner of atRest) keys.held.renew(owner, asOf);
      return false;
    },
    {
      everyMs: (seconds * 1000) / 4,
      failed: (error) => platform.log.warn('keys in memory were not renewed', { error }),
    },
  );
}
