import { pruneChallenges } from '../../identity/index.ts';
import { pruneCounters, pruneLockouts, pruneTries, type Platform } from '../../platform/index.ts';

const EVERY_MS = 60_000;

/** Forgets windows, challenges and tries that are over, and old lockouts, once a minute. */
export function keepLimits({ config, db, log }: Platform): { stop(): Promise<void> } {
  const windowSeconds = config.CASEMATE_SIGN_IN_LOCK_MINUTES * 60;
  const prune = async (): Promise<void> => {
    await db.readControl(pruneCounters);
    await db.readControl((tx) => pruneTries(tx, windowSeconds));
    await db.readControl(pruneLockouts);
    await db.readControl(pruneChallenges);
  };
  let pruning = Promise.resolve();
  const timer = setInterval(() => {
    pruning = prune().catch((error: unknown) =>
      log.warn('old limits could not be removed', { error }),
    );
  }, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return pruning;
    },
  };
}
