import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runSql, type SuperuserAccess } from '../database/run-sql.ts';
import { Fault, messageOf } from '../fault.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { runServerProgram } from '../steps/run-server-program.ts';
import { majorStep, postgresqlOf } from './major-step.ts';
import { rehearseMajor } from './rehearse-major.ts';
import { withScratchDatabase } from './scratch-database.ts';

export type Rehearsal = {
  layout: InstanceLayout;
  /** With the programs of the version before. */
  from: InstanceSettings;
  /** With the programs of the new version. */
  settings: InstanceSettings;
  clusterDir: string;
};

export type Rehearsed = { tenants: number; seconds: number };

/**
 * Runs every migration on a copy, and takes the copy over to another major version of PostgreSQL where the
 * new version brings one. What fails here would have failed on the data itself.
 */
export async function rehearse(rehearsal: Rehearsal): Promise<Rehearsed> {
  const { layout, from, settings, clusterDir } = rehearsal;
  const startedAt = performance.now();
  const done = (tenants: number): Rehearsed => ({
    tenants,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  });
  try {
    const tryIt = (access: SuperuserAccess) => migrateCopy({ layout, settings }, access);
    if (majorStep(postgresqlOf(from), postgresqlOf(settings)))
      return done(await rehearseMajor(rehearsal, tryIt));
    return done(await withScratchDatabase({ layout, settings, clusterDir }, tryIt));
  } catch (cause) {
    throw new Fault('The migrations failed on the copy of the database', {
      why: messageOf(cause),
      next: 'Nothing that runs was changed. Send `casemate doctor --json` to whoever released it.',
      cause,
    });
  }
}

/** Gives how many tenants had a migration. */
async function migrateCopy(
  { layout, settings }: Pick<Rehearsal, 'layout' | 'settings'>,
  access: SuperuserAccess,
): Promise<number> {
  const migrations = path.join(settings.server?.dir ?? '', 'server', 'migrations');
  await runSql(access, 'casemate', await readFile(path.join(migrations, 'bootstrap.sql'), 'utf8'));
  const env = { CASEMATE_DATABASE_HOST: access.socketDir };
  const output = await runServerProgram({ layout, settings, env }, 'migrator', ['migrate']);
  const answer = JSON.parse(output) as { migrated: number; tenants: number };
  if (answer.tenants > 0) throw new Fault(`${answer.tenants} tenants did not come along`);
  return answer.migrated;
}
