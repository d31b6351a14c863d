import { describe, expect, it } from '@jest/globals';
import { monitoringEnv } from './monitoring-settings.ts';

const layout = { configDir: '/etc/casemate/default' };

describe('OBS-01: where alerts, logs and traces go', () => {
  it('OBS-01: is nowhere unless the operator has named a place', () => {
    expect(monitoringEnv(layout)).toEqual({});
    expect(monitoringEnv(layout, {})).toEqual({});
  });

  it('OBS-01: names the file of the password, and never the password', () => {
    const mail = {
      ...{ host: '192.0.2.25', port: 587, security: 'starttls' as const },
      ...{ to: ['ops@example.test'], user: 'casemate' },
    };
    expect(monitoringEnv(layout, { mail, syslog: 'tcp://192.0.2.7:601' })).toEqual({
      CASEMATE_SMTP_HOST: '192.0.2.25',
      CASEMATE_SMTP_PORT: '587',
      CASEMATE_SMTP_SECURITY: 'starttls',
      CASEMATE_ALERT_TO: 'ops@example.test',
      CASEMATE_SMTP_USER: 'casemate',
      CASEMATE_SMTP_PASSWORD_FILE: '/etc/casemate/default/smtp-password',
      CASEMATE_SYSLOG_URL: 'tcp://192.0.2.7:601',
    });
  });
});
