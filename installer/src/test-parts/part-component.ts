import { tmpdir } from 'node:os';
import path from 'node:path';
import { copyComponent, defaultCacheDir, ensureComponent } from '../components/index.ts';
import type { Component, ComponentName } from '../components/index.ts';
import { ensureDir } from '../host/write-file.ts';
import type { Place } from './unprivileged.ts';

/** The component, copied to where an unprivileged account can execute it if root has it in its cache. */
export async function partComponent(name: ComponentName, place: Place): Promise<Component> {
  const cacheDir = place.cacheDir ?? defaultCacheDir({});
  const component = await ensureComponent(name, { cacheDir, report: () => undefined });
  if (!place.runAs) return component;
  const shared = path.join(tmpdir(), 'casemate-parts');
  await ensureDir(shared, { mode: 0o755, owner: { uid: 0, gid: 0 } });
  const folder = `${name}-${component.version}-${component.sha256.slice(0, 12)}`;
  return copyComponent(component, path.join(shared, folder));
}
