import { findAccount } from '../host/accounts.ts';
import type { Account } from '../host/accounts.ts';
import type { Launch } from './start-child.ts';

/** PostgreSQL refuses to run as root: then the parts run as `nobody`, otherwise as the caller. */
export function unprivileged(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const nobody = findAccount('nobody');
  if (!nobody) throw new Error('The parts need an account named "nobody" when started by root');
  return nobody;
}

export type Place = {
  dir: string;
  cacheDir: string | undefined;
  runAs: Account | undefined;
  /** Starts the long-running process of a part. */
  launch: Launch;
};
