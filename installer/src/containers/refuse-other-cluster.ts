import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { majorStep } from '../upgrade/major-step.ts';

/**
 * A data directory opens under its own major version alone, and an image holds one. PostgreSQL says so
 * itself, but not what is to be done. `version` is that of the image.
 */
export async function refuseOtherCluster(clusterDir: string, version: string): Promise<void> {
  const found = (await readFile(path.join(clusterDir, 'PG_VERSION'), 'utf8')).trim();
  if (!majorStep(found, version)) return;
  throw new Fault(`The data of the volume is of PostgreSQL ${found}`, {
    why: `This image brings ${version}, which can't open it.`,
    next: `Nothing was changed. Go back to the image with PostgreSQL ${found}, and take the data over as docs/upgrade.md says ("Another major version in containers").`,
    code: 'path',
  });
}
