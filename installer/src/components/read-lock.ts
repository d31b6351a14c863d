import { readFileSync } from 'node:fs';
import { lockPath } from './lock-path.ts';
import type { ComponentLock } from './types.ts';

/** The pinned versions and checksums. The file is ours, reviewed and tested; its shape is trusted. */
export function readLock(): ComponentLock {
  return JSON.parse(readFileSync(lockPath, 'utf8')) as ComponentLock;
}
