import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ProcessSpec } from './processes.ts';

/**
 * Tells a process that runs as its spec says now from one that was started before something
 * changed: its program, its environment, or the configuration that it read.
 */
export function digestSpec(spec: ProcessSpec): string {
  const hash = createHash('sha256').update(JSON.stringify([spec.argv, spec.env]));
  for (const file of spec.configFiles) hash.update(file).update(contentOf(file));
  return hash.digest('hex').slice(0, 16);
}

function contentOf(file: string): Buffer | string {
  try {
    return readFileSync(file);
  } catch {
    return 'absent';
  }
}
