import path from 'node:path';
import type { InstanceLayout } from './layout.ts';

/** Where alerts, logs and traces go; nowhere when absent. The password is in a file of its own. */
export type MonitoringSettings = {
  mail?: {
    host: string;
    port: number;
    security: 'tls' | 'starttls' | 'none';
    to: string[];
    from?: string;
    user?: string;
    ownAuthority?: true;
  };
  syslog?: string;
  traces?: string;
};

export const smtpPasswordFile = ({ configDir }: Pick<InstanceLayout, 'configDir'>): string =>
  path.join(configDir, 'smtp-password');
export const smtpAuthorityFile = ({ configDir }: Pick<InstanceLayout, 'configDir'>): string =>
  path.join(configDir, 'smtp-authority.crt');

/** The settings of the server that say so. */
export function monitoringEnv(
  layout: Pick<InstanceLayout, 'configDir'>,
  { mail, syslog, traces }: MonitoringSettings = {},
): Record<string, string> {
  return {
    ...(mail ? mailEnv(layout, mail) : {}),
    ...(syslog ? { CASEMATE_SYSLOG_URL: syslog } : {}),
    ...(traces ? { CASEMATE_OTLP_TRACES_URL: traces } : {}),
  };
}

function mailEnv(
  layout: Pick<InstanceLayout, 'configDir'>,
  mail: NonNullable<MonitoringSettings['mail']>,
): Record<string, string> {
  return {
    CASEMATE_SMTP_HOST: mail.host,
    CASEMATE_SMTP_PORT: String(mail.port),
    CASEMATE_SMTP_SECURITY: mail.security,
    CASEMATE_ALERT_TO: mail.to.join(','),
    ...(mail.from ? { CASEMATE_ALERT_FROM: mail.from } : {}),
    ...(mail.user
      ? {
          CASEMATE_SMTP_USER: mail.user,
          CASEMATE_SMTP_PASSWORD_FILE: smtpPasswordFile(layout),
        }
      : {}),
    ...(mail.ownAuthority ? { CASEMATE_SMTP_CA_FILE: smtpAuthorityFile(layout) } : {}),
  };
}
