import { existsSync } from 'node:fs';
import path from 'node:path';
import type { InstallContext } from './step.ts';

/** Where this run takes the server's migrations from: the bundle if it was given, else the checkout. */
export function migrationsDir({ options }: Pick<InstallContext, 'options'>): string {
  const bundled = options.bundleDir && path.join(options.bundleDir, 'server', 'migrations');
  if (bundled && existsSync(bundled)) return bundled;
  return path.join(options.checkoutDir, 'server', 'migrations');
}
