import path from 'node:path';
import { parseLimits } from '../instance/limit-settings.ts';
import { plainEnv } from '../host/run-program.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { monitoringEnv } from '../instance/monitoring-settings.ts';
import { instancePaths } from '../instance/paths.ts';
import { smsEnv } from '../instance/sms-settings.ts';
import type { VaultRole } from '../instance/paths.ts';
import type { InstanceSettings } from '../instance/settings.ts';

/** The whole environment of a program of the server, signing in to the key service as `role`. */
export function serverEnv(
  layout: InstanceLayout,
  settings: InstanceSettings,
  role: VaultRole,
): Record<string, string> {
  const paths = instancePaths(layout);
  return {
    ...plainEnv,
    NODE_ENV: 'production',
    CASEMATE_MODE: 'production',
    CASEMATE_HOST_NAME: settings.hostName,
    CASEMATE_BIND_ADDRESS: settings.bindAddress,
    CASEMATE_HTTPS_PORT: String(settings.httpsPort),
    CASEMATE_HTTP_PORT: String(settings.httpPort),
    CASEMATE_TLS_CERT_FILE: path.join(paths.tlsDir, 'current', 'server.crt'),
    CASEMATE_TLS_KEY_FILE: path.join(paths.tlsDir, 'current', 'server.key'),
    CASEMATE_DATA_DIR: paths.serverDataDir,
    CASEMATE_DELETION_LEDGER: paths.deletionLedger,
    CASEMATE_WEB_DIR: path.join(settings.server?.dir ?? '/nonexistent', 'web', 'dist'),
    CASEMATE_DATABASE_HOST: paths.databaseSocketDir,
    CASEMATE_DATABASE_PORT: String(settings.databasePort),
    CASEMATE_DATABASE_NAME: 'casemate',
    CASEMATE_VAULT_SOCKET: paths.vaultSocket,
    CASEMATE_VAULT_ROLE_ID_FILE: paths.roleIdFile(role),
    CASEMATE_VAULT_WRAPPED_SECRET_ID_FILE: paths.wrappedSecretIdFile(role),
    CASEMATE_VAULT_REQUEST_FILE: paths.vaultRequestFile(role),
    CASEMATE_OLLAMA_URL: `unix:${paths.modelSocket}`,
    CASEMATE_CHAT_MODEL: 'casemate-chat',
    CASEMATE_EMBED_MODEL: 'casemate-embed',
    CASEMATE_TRUST_DIR: paths.trustDir,
    CASEMATE_HOST_KEY_FILE: paths.hostPublicKeyFile,
    CASEMATE_BACKUP_STATUS_FILE: paths.backupStatusFile,
    CASEMATE_LOG_DIR: layout.logDir,
    CASEMATE_LOG_LEVEL: 'info',
    // An empty list is no setting.
    ...(settings.corsOrigins ? { CASEMATE_CORS_ORIGINS: settings.corsOrigins } : {}),
    ...(role === 'server' ? monitoringEnv(layout, settings.monitoring) : {}),
    ...(role === 'server' ? smsEnv(layout, settings.sms) : {}),
    ...parseLimits(settings.limits ?? ''),
    ...(settings.trustedProxies ? { CASEMATE_TRUSTED_PROXIES: settings.trustedProxies } : {}),
  };
}
