import type { Config } from '../platform/index.ts';
import { startRotation } from '../rotation/index.ts';
import { readMigrations, startProvisioner } from '../tenancy/index.ts';
import { migrationsDirectory } from './child-program.ts';
import { createParts } from './parts.ts';
import { secrets } from './secrets.ts';

/** Starts the provisioner: no port, only jobs reach it. */
export async function provision(config: Config): Promise<{ stop(): Promise<void> }> {
  const parts = await createParts({ ...config, CASEMATE_DATABASE_POOL: 2 }, 'provisioner');
  const migrations = await readMigrations(migrationsDirectory('tenant'));
  const worker = await startProvisioner(parts.platform, migrations);
  const rotation = await startRotation({ platform: parts.platform, secrets });
  parts.platform.log.info('ready', { sinceStart: Math.round(process.uptime() * 1000) });
  return {
    stop: async () => {
      await Promise.all([worker.stop(), rotation.stop()]);
      await parts.platform.db.close();
    },
  };
}
