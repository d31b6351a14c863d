import { join } from 'node:path';
import { homedir } from 'node:os';
import { resolveLayout } from '../../installer/src/instance/resolve-layout.ts';
import { getSettings } from '../../installer/src/instance/settings.ts';
import { writeSecretId } from '../../installer/src/supervisor/secret-ids.ts';
import { serverEnv } from '../../installer/src/supervisor/server-env.ts';
import { createParts, type Parts } from '../../server/src/app/parts.ts';
import { readConfig } from '../../server/src/platform/index.ts';

/** The parts of one more server process of an installed instance, signed in as that one is. */
export async function openServerParts(dir: string, instance: string): Promise<Parts> {
  const layout = resolveLayout({
    instance,
    dataDir: dir,
    asRoot: process.getuid?.() === 0,
    env: { HOME: homedir() },
  });
  const settings = await getSettings(layout);
  const file = join(layout.runDir, `bench-${process.pid}`, 'secret-id');
  await writeSecretId({ layout, role: 'server', owner: undefined, file });
  const config = readConfig({
    ...serverEnv(layout, settings, 'server'),
    CASEMATE_LOG_LEVEL: 'warn',
    CASEMATE_VAULT_WRAPPED_SECRET_ID_FILE: file,
    CASEMATE_VAULT_REQUEST_FILE: `${file}.request`,
  });
  return createParts(config, 'server');
}
