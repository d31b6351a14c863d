import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runSql } from '../database/run-sql.ts';
import { Fault, messageOf } from '../fault.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { runServerProgram } from '../steps/run-server-program.ts';
import { withScratchDatabase } from './scratch-database.ts';

export type Rehearsal = {
  layout: InstanceLayout;
  /** With the programs of the new version. */
  settings: InstanceSettings;
  clusterDir: string;
};

export type Rehearsed = { tenants: number; seconds: number };

/** Runs every migration on a copy. What fails here would have failed on the data itself. */
export async function rehearse({ layout, settings, clusterDir }: Rehearsal): Promise<Rehearsed> {
  const migrations = path.join(settings.server?.dir ?? '', 'server', 'migrations');
  try {
    return await withScratchDatabase({ layout, settings, clusterDir }, async (access) => {
      await runSql(
        access,
        'casemate',
        await readFile(path.join(migrations, 'bootstrap.sql'), 'utf8'),
      );
      const startedAt = performance.now();
      const env = { CASEMATE_DATABASE_HOST: access.socketDir };
      const output = await runServerProgram({ layout, settings, env }, 'migrator', ['migrate']);
      const answer = JSON.parse(output) as { migrated: number; tenants: number };
      if (answer.tenants > 0) throw new Fault(`${answer.tenants} tenants did not come along`);
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
      return { tenants: answer.migrated, seconds };
    });
  } catch (cause) {
    throw new Fault('The migrations failed on the copy of the database', {
      why: messageOf(cause),
      next: 'Nothing that runs was changed. Send `casemate doctor --json` to whoever released it.',
      cause,
    });
  }
}
