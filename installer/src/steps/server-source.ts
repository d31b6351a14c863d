import { existsSync } from 'node:fs';
import path from 'node:path';
import type { InstallContext } from './step.ts';

/** The installed command has no checkout beside it: it works with the server that is installed. */
export function hasCheckout({ options }: Pick<InstallContext, 'options'>): boolean {
  return existsSync(path.join(options.checkoutDir, 'package-lock.json'));
}

/**
 * Where this run takes the server's migrations from: the bundle if it was given, else the checkout,
 * else the installed server.
 */
export function migrationsDir({
  options,
  settings,
}: Pick<InstallContext, 'options' | 'settings'>): string {
  const bundled =
    options.bundleDir && path.join(options.bundleDir, 'server', 'server', 'migrations');
  if (bundled && existsSync(bundled)) return bundled;
  if (!hasCheckout({ options }) && settings.server)
    return path.join(settings.server.dir, 'server', 'migrations');
  return path.join(options.checkoutDir, 'server', 'migrations');
}
