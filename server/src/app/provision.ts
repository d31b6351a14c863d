import { ensurePlatformKey, startKeyKeeper, startKeySchedule } from '../crypto/index.ts';
import { newId, systemActor, type Config } from '../platform/index.ts';
import { startRotation } from '../rotation/index.ts';
import {
  proveTenant,
  readMigrations,
  replayDeletions,
  startProvisioner,
} from '../tenancy/index.ts';
import { migrationsDirectory } from './child-program.ts';
import { columnsOf } from './encrypted-columns.ts';
import { listenMetrics } from './listen-metrics.ts';
import { createParts } from './parts.ts';
import { secrets } from './secrets.ts';
import { startHeartbeat } from './start-heartbeat.ts';
import { untilDone } from './until-done.ts';

/** Starts the provisioner: only jobs reach it; at most it has a port that shows its metrics. */
export async function provision(config: Config): Promise<{ stop(): Promise<void> }> {
  const parts = await createParts({ ...config, CASEMATE_DATABASE_POOL: 6 }, 'provisioner');
  const migrations = await readMigrations(migrationsDirectory('tenant'));
  const { platform } = parts;
  const stopBeating = startHeartbeat(platform);
  const shown = await listenMetrics(platform);
  const source = { requestId: newId(), actor: systemActor, ip: null, userAgent: null };
  // Nothing is taken on, and the server serves nothing, before both are done.
  const { log } = platform;
  const replay = (): Promise<number> => replayDeletions(platform, source);
  await untilDone({ log, what: 'the ledger of deletions', work: replay });
  await untilDone({
    log,
    what: 'the key of the platform',
    work: () => ensurePlatformKey(platform),
  });
  const worker = await startProvisioner(platform, migrations);
  const keeper = startKeyKeeper({
    platform,
    proofOf: (tenantId) => proveTenant(platform, tenantId),
    columnsOf,
  });
  const schedule = startKeySchedule(platform);
  const rotation = await startRotation({ platform, secrets });
  parts.platform.log.info('ready', { sinceStart: Math.round(process.uptime() * 1000) });
  return {
    stop: async () => {
      stopBeating();
      await shown?.stop();
      await Promise.all([worker.stop(), keeper.stop(), schedule.stop(), rotation.stop()]);
      await parts.platform.db.close();
    },
  };
}
