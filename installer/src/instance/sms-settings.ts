import path from 'node:path';
import type { InstanceLayout } from './layout.ts';

/** How codes reach phones; not at all when absent. The token is in a file of its own. */
export type SmsSettings = {
  gateway: { driver: 'http'; url: string; token?: true; ownAuthority?: true } | Modem;
  countries?: string;
  perDay?: number;
  /** A phone is enough for those whose role demands a second factor. */
  alone?: true;
};
type Modem = { driver: 'modem'; device: string };

export const smsTokenFile = ({ configDir }: Pick<InstanceLayout, 'configDir'>): string =>
  path.join(configDir, 'sms-token');
export const smsAuthorityFile = ({ configDir }: Pick<InstanceLayout, 'configDir'>): string =>
  path.join(configDir, 'sms-authority.crt');

/** The settings of the server that say so. */
export function smsEnv(
  layout: Pick<InstanceLayout, 'configDir'>,
  sms: SmsSettings | undefined,
): Record<string, string> {
  if (!sms) return {};
  const { gateway, countries, perDay, alone } = sms;
  return {
    CASEMATE_SMS_DRIVER: gateway.driver,
    ...(gateway.driver === 'modem'
      ? { CASEMATE_SMS_DEVICE: gateway.device }
      : {
          CASEMATE_SMS_URL: gateway.url,
          ...(gateway.token ? { CASEMATE_SMS_PASSWORD_FILE: smsTokenFile(layout) } : {}),
          ...(gateway.ownAuthority ? { CASEMATE_SMS_CA_FILE: smsAuthorityFile(layout) } : {}),
        }),
    ...(countries ? { CASEMATE_SMS_COUNTRIES: countries } : {}),
    ...(perDay ? { CASEMATE_SMS_PER_DAY: String(perDay) } : {}),
    ...(alone ? { CASEMATE_SMS_FACTOR: 'alone' } : {}),
  };
}
