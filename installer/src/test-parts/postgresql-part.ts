import { existsSync } from 'node:fs';
import path from 'node:path';
import { bootstrapDatabase } from '../database/bootstrap.ts';
import { initCluster } from '../database/init-cluster.ts';
import { runSql } from '../database/run-sql.ts';
import type { SuperuserAccess } from '../database/run-sql.ts';
import { findAccountName } from '../host/accounts.ts';
import { plainEnv } from '../host/run-program.ts';
import { waitUntil } from '../host/wait-until.ts';
import { ensureDir } from '../host/write-file.ts';
import { partComponent } from './part-component.ts';
import type { Place } from './unprivileged.ts';

const checkoutBootstrap = path.resolve(
  import.meta.dirname,
  '../../../server/migrations/bootstrap.sql',
);

export async function startPostgresqlPart(place: Place) {
  const { executables } = await partComponent('postgresql', place);
  const socketDir = path.join(place.dir, 'pg');
  const clusterDir = path.join(place.dir, 'postgresql');
  const port = 5432;
  // Not 0700: the tests' own account connects too; who may sign in as what is pg_hba's business.
  await ensureDir(socketDir, { mode: 0o755, owner: place.runAs });
  const home = path.join(place.dir, 'database');
  await ensureDir(home, { mode: 0o700, owner: place.runAs });
  await initCluster({
    initdb: executables['initdb'] ?? 'initdb',
    clusterDir: path.join(home, path.basename(clusterDir)),
    conf: {
      socketDir,
      port,
      socketGroup: null,
      hostMemoryMiB: 4096,
      maxConnections: 200,
      throwAway: true,
    },
    rules: { superuserAccounts: superuserAccounts(place), databases: 'all' },
    runAs: place.runAs,
  });
  const child = await place.launch({
    argv: [executables['postgres'] ?? 'postgres', '-D', path.join(home, 'postgresql')],
    env: plainEnv,
    runAs: place.runAs,
    stopSignal: 'SIGQUIT',
  });
  const access: SuperuserAccess = { psql: executables['psql'] ?? 'psql', socketDir, port };
  const ready = await waitUntil(
    async () =>
      child.ended() ||
      (await runSql(access, 'postgres', 'select 1;').then(
        () => true,
        () => false,
      )),
    20_000,
  );
  if (!ready || child.ended()) throw new Error(`PostgreSQL did not start:\n${child.log()}`);
  return { access, stop: child.stop };
}

function superuserAccounts(place: Place): string[] {
  const own = findAccountName(process.getuid?.() ?? 0) ?? 'root';
  return place.runAs ? [own, place.runAs.name] : [own];
}

/** False when the checkout has no bootstrap.sql. */
export async function bootstrapPart(
  part: { access: SuperuserAccess },
  file = checkoutBootstrap,
): Promise<boolean> {
  if (!existsSync(file)) return false;
  await bootstrapDatabase(part.access, file);
  return true;
}
