import { hostname } from 'node:os';
import type { InstanceLayout } from '../instance/layout.ts';
import { findSettings, saveSettings } from '../instance/settings.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { findFreePort } from '../host/free-port.ts';
import type { InstallOptions, Step } from './step.ts';

/** What this run asks for, over what was decided before, over the defaults. */
export async function planSettings(
  layout: InstanceLayout,
  options: InstallOptions,
): Promise<InstanceSettings> {
  const before = (await findSettings(layout)) ?? (await defaultSettings(layout, options));
  const { hostName, bindAddress, httpsPort, httpPort, ollamaPort, cacheDir, storageEncryption } =
    options;
  const { corsOrigins, trustedProxies, limits } = options;
  const asked = {
    hostName,
    bindAddress,
    httpsPort,
    httpPort,
    ollamaPort,
    cacheDir,
    storageEncryption,
    corsOrigins,
    trustedProxies,
    limits,
  };
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(given) };
}

async function defaultSettings(
  layout: InstanceLayout,
  { cacheDir, ollamaPort }: InstallOptions,
): Promise<InstanceSettings> {
  return {
    format: 1,
    instance: layout.instance,
    hostName: hostname().toLowerCase(),
    bindAddress: '0.0.0.0',
    httpsPort: layout.asRoot ? 443 : 8443,
    httpPort: layout.asRoot ? 80 : 8080,
    // Loopback only, so any free port will do; instances side by side get one each.
    ollamaPort: ollamaPort ?? (await findFreePort(11_500)),
    // Names the socket's file; every instance has its own directory.
    databasePort: 5432,
    cacheDir,
    components: {},
    server: null,
  };
}

export const writeSettings: Step = {
  id: 'write-settings',
  title: 'Write the settings',
  isDone: async ({ layout, settings }) =>
    JSON.stringify(await findSettings(layout)) === JSON.stringify(settings),
  apply: ({ layout, settings }) => saveSettings(layout, settings),
};
