/**
 * The parts that an appliance is made of (Node, PostgreSQL, OpenBao, Ollama, models): brought,
 * verified and cached. Only Node's standard library: it runs before anything is installed.
 */
import { ensureLocked } from './ensure-locked.ts';
import { readLock } from './read-lock.ts';
import type { Component, ComponentLock, ComponentName, EnsureOptions } from './types.ts';

export { copyComponent } from './copy-component.ts';
export { createModel } from './create-model.ts';
export { requestOllama } from './request-ollama.ts';
export { defaultCacheDir } from './default-cache-dir.ts';
export { readLock } from './read-lock.ts';
export type {
  Component,
  ComponentEvent,
  ComponentLock,
  ComponentName,
  SourceName,
} from './types.ts';

/** Gives a component that runs; `lock` replaces the pinned versions and checksums, in tests. */
export async function ensureComponent(
  name: ComponentName,
  options: EnsureOptions & { lock?: ComponentLock },
): Promise<Component> {
  return ensureLocked(options.lock ?? readLock(), name, options);
}
