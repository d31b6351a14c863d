import { utimesSync, writeFileSync } from 'node:fs';
import type { Platform } from '../platform/index.ts';

const EVERY_MS = 10_000;

/**
 * For a program without a port: touches a file as long as it runs its own events and the database
 * answers it, so that whoever runs containers sees when it hangs. Silent where no setting names one.
 */
export function startHeartbeat(platform: Platform): () => void {
  const file = platform.config.CASEMATE_HEARTBEAT_FILE;
  if (!file) return () => undefined;
  const beat = async (): Promise<void> => {
    await platform.db.readControl((tx) => tx.query('select 1'));
    writeFileSync(file, '', { mode: 0o600 });
    const now = new Date();
    utimesSync(file, now, now);
  };
  const again = (): void =>
    void beat().catch((error: unknown) => platform.log.warn('no heartbeat', { error }));
  again();
  const timer = setInterval(again, EVERY_MS);
  return () => clearInterval(timer);
}
