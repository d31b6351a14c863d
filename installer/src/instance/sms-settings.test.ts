import { describe, expect, it } from '@jest/globals';
import { smsEnv } from './sms-settings.ts';

const layout = { configDir: '/etc/casemate/default' };

describe('the settings of codes by SMS', () => {
  it('without a gateway there are none', () => {
    expect(smsEnv(layout, undefined)).toEqual({});
  });

  it('MFA-02: the token of a gateway is named by its file alone', () => {
    const gateway = { driver: 'http', url: 'https://sms.example/send', token: true } as const;
    expect(smsEnv(layout, { gateway, countries: 'NO,DE', perDay: 50 })).toEqual({
      CASEMATE_SMS_DRIVER: 'http',
      CASEMATE_SMS_URL: 'https://sms.example/send',
      CASEMATE_SMS_PASSWORD_FILE: '/etc/casemate/default/sms-token',
      CASEMATE_SMS_COUNTRIES: 'NO,DE',
      CASEMATE_SMS_PER_DAY: '50',
    });
  });

  it('a phone is enough for administrators only where somebody said so', () => {
    const gateway = { driver: 'modem', device: '/dev/ttyUSB0' } as const;
    expect(smsEnv(layout, { gateway, alone: true })).toEqual({
      CASEMATE_SMS_DRIVER: 'modem',
      CASEMATE_SMS_DEVICE: '/dev/ttyUSB0',
      CASEMATE_SMS_FACTOR: 'alone',
    });
  });
});
