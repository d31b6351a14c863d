import { existsSync, statSync } from 'node:fs';
import { isReady } from '../supervisor/is-ready.ts';
import { places } from './places.ts';
import type { ContainerSettings } from './settings.ts';

type Check = (settings: ContainerSettings) => Promise<boolean>;

/** Three beats of the provisioner missed. */
const LATE_MS = 35_000;

const ageOf = (file: string): number =>
  Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);

const checks: Readonly<Record<string, Check>> = {
  postgresql: async () =>
    existsSync(places.databaseReady) &&
    isReady({ kind: 'postgresql', socketDir: places.databaseSocketDir, port: 5432 }, 0),
  // A standby of a cluster is well, too.
  openbao: () =>
    isReady(
      {
        kind: 'http',
        socketPath: places.vaultSocket,
        path: '/v1/sys/health?standbyok=true&perfstandbyok=true',
      },
      0,
    ),
  ollama: async () =>
    existsSync(places.modelsReady) &&
    isReady({ kind: 'http', socketPath: places.modelSocket, path: '/api/version' }, 0),
  provisioner: () => Promise.resolve(ageOf(places.heartbeat) < LATE_MS),
  issuer: () => Promise.resolve(existsSync(places.issuerReady)),
  server: ({ hostName, publicPort }) =>
    isReady(
      {
        kind: 'http',
        url: `https://127.0.0.1:${publicPort}/health/ready`,
        insecure: true,
        host: hostName,
      },
      0,
    ),
};

/** The health check of an image: ends with 0 when the part of that name serves. */
export async function checkHealth(
  settings: ContainerSettings,
  [name = '']: readonly string[],
): Promise<void> {
  const well = (await checks[name]?.(settings)) ?? false;
  process.exit(well ? 0 : 1);
}
