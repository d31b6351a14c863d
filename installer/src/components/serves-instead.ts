import { compareVersions } from '../bundle/elf.ts';
import type { ComponentName } from './types.ts';

/**
 * Whether an installed version of a component serves where another one is pinned. Only of the key service, and
 * only a later one: what OpenBao has written once, an earlier minor version refuses to start with, so
 * nothing ever goes back to it (see docs/decisions/0041). Pure.
 */
export function servesInstead(name: ComponentName, installed: string, pinned: string): boolean {
  return name === 'openbao' && compareVersions(installed, pinned) > 0;
}
