import { randomBytes } from 'node:crypto';
import { chmod, open, readdir, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { removeDenyRules } from '../egress/deny-rules.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { findSettings } from '../instance/settings.ts';
import { runsUnderSystemd } from '../units/unit-places.ts';
import { removeUnits } from '../units/write-units.ts';

/** Removes what runs; keeps settings, data, logs and keys for a later installation. */
export async function removeInstance(layout: InstanceLayout): Promise<void> {
  await removeServices(layout);
  await rm(layout.runDir, { recursive: true, force: true });
}

async function removeServices(layout: InstanceLayout): Promise<void> {
  if (layout.asRoot) await removeDenyRules(layout.instance);
  if (runsUnderSystemd(layout) && (await findSettings(layout))) await removeUnits(layout);
}

/**
 * Destroys an instance, the keys first: interrupted at any point, what is left can't be read.
 * Overwriting is the best a file system offers; on a copy-on-write one or a flash disk the old
 * blocks may survive, which is why the storage should be encrypted.
 */
export async function purgeInstance(layout: InstanceLayout): Promise<void> {
  const paths = instancePaths(layout);
  await removeServices(layout);
  await overwriteAll(layout.sealDir);
  await rm(layout.sealDir, { recursive: true, force: true });
  await overwriteAll(paths.vaultStorageDir);
  await overwriteAll(path.dirname(paths.credentialFile('issuer')));
  for (const dir of [layout.dataDir, layout.logDir, layout.runDir, layout.configDir]) {
    await rm(dir, { recursive: true, force: true });
  }
  if (layout.root) {
    // The command of this instance lies beside its data, and nobody else's does.
    for (const dir of [layout.programsDir, path.join(layout.root, 'bin')]) {
      await rm(dir, { recursive: true, force: true });
    }
    await rmdir(layout.root).catch(() => undefined);
  }
  await rm(layout.pointerDir, { recursive: true, force: true });
}

async function overwriteAll(dir: string): Promise<void> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isFile()) await overwrite(path.join(entry.parentPath, entry.name));
  }
}

async function overwrite(file: string): Promise<void> {
  const { size } = await stat(file);
  // Secrets are read-only even for their owner.
  await chmod(file, 0o600);
  const chunk = 1024 * 1024;
  const handle = await open(file, 'r+');
  try {
    for (let at = 0; at < size; at += chunk) {
      await handle.write(randomBytes(Math.min(chunk, size - at)), 0, null, at);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}
