import { readFileSync } from 'node:fs';
import { createTenantKeys } from '../crypto/index.ts';
import type { Subject } from '../isolation/index.ts';
import { uploadPath } from '../knowledge/index.ts';
import { createDatabase, NOTIFY_CHANNELS, type Config, type Endpoint } from '../platform/index.ts';
import { createSystemContext } from './context.ts';
import { databaseCredential } from './database-credential.ts';
import { encryptedColumns } from './encrypted-columns.ts';
import { metricsToken } from './metrics-token.ts';
import type { Parts } from './parts.ts';
import { jobHandlers } from './routes.ts';
import { VERSION } from './version.ts';

export type OpenSubject = Subject & { close(): Promise<void> };

/** So few that tenants follow each other on the same connections. */
const CONNECTIONS = 2;

/** The running system as the isolation test sees it; `close` gives back its connections. */
export async function isolationSubject(
  parts: Parts,
  config: Config,
  routes: readonly Endpoint[],
): Promise<OpenSubject> {
  const { platform, identity, openTenant } = parts;
  const db = await createDatabase({
    config: { ...config, CASEMATE_DATABASE_POOL: CONNECTIONS },
    log: platform.log,
    login: 'casemate_server',
    credential: databaseCredential(platform.vault),
  });
  const anywhere = ['0.0.0.0', '::'].includes(config.CASEMATE_BIND_ADDRESS);
  return {
    ctx: createSystemContext(parts),
    identity,
    openTenant,
    db,
    newKeys: () =>
      createTenantKeys(platform.keys, {
        seconds: config.CASEMATE_DATA_KEY_SECONDS,
        uses: config.CASEMATE_DATA_KEY_USES,
      }),
    routes,
    jobs: jobHandlers,
    columns: encryptedColumns,
    channels: NOTIFY_CHANNELS,
    uploadPath: (tenantId, documentId) =>
      uploadPath(config.CASEMATE_DATA_DIR, tenantId, documentId),
    listener: {
      host: anywhere ? '127.0.0.1' : config.CASEMATE_BIND_ADDRESS,
      port: config.CASEMATE_HTTPS_PORT,
      serverName: config.CASEMATE_HOST_NAME,
      ca: readFileSync(config.CASEMATE_TLS_CERT_FILE),
    },
    metricsToken: () => metricsToken(config),
    version: VERSION,
    close: () => db.close(),
  };
}
