import { instancePaths } from '../instance/paths.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import type { PreflightRequest, StorageStatement } from './preflight-request.ts';

type Planned = Pick<
  InstanceSettings,
  'hostName' | 'bindAddress' | 'httpsPort' | 'httpPort' | 'cacheDir'
>;

/** What the host must fit, from what an installation plans. */
export function planPreflight(
  layout: InstanceLayout,
  settings: Planned,
  storageEncryption: StorageStatement = 'unstated',
): PreflightRequest {
  const paths = instancePaths(layout);
  return {
    directories: {
      data: layout.dataDir,
      cache: settings.cacheDir,
      programs: layout.programsDir,
    },
    hostName: settings.hostName,
    bindAddress: settings.bindAddress,
    ports: [settings.httpsPort, settings.httpPort],
    instanceFile: paths.instanceFile,
    supervisorFile: paths.supervisorFile,
    storageEncryption,
  };
}
