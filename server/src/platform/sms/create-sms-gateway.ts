import { readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import type { Config } from '../config/config-schema.ts';
import { sendByHttp } from './send-by-http.ts';
import { sendByModem } from './send-by-modem.ts';

/** `to` in E.164, with the plus. */
export type Sms = { readonly to: string; readonly text: string };
/** Rejects with SmsRefused when it will not be taken however often it is sent. */
export type SendSms = (sms: Sms) => Promise<void>;

/** Sends by the gateway that the operator has named; null when there is none. */
export function createSmsGateway(config: Config): SendSms | null {
  switch (config.CASEMATE_SMS_DRIVER) {
    case 'http': {
      const url = new URL(config.CASEMATE_SMS_URL ?? '');
      const { CASEMATE_SMS_CA_FILE: ca, CASEMATE_SMS_PASSWORD_FILE: token } = config;
      return (sms) =>
        sendByHttp(sms, {
          url,
          ca: ca === undefined ? undefined : readFileSync(ca),
          token: token === undefined ? undefined : readFileSync(token, 'utf8').trim(),
        });
    }
    case 'modem': {
      const device = config.CASEMATE_SMS_DEVICE ?? '';
      // A modem does one thing at a time.
      let last: Promise<unknown> = Promise.resolve();
      return (sms) => {
        const sent = last.then(() => sendByModem(sms, { device }));
        last = sent.catch(() => undefined);
        return sent;
      };
    }
    case 'file': {
      const file = config.CASEMATE_SMS_FILE ?? '';
      return (sms) => appendFile(file, `${JSON.stringify(sms)}\n`, { mode: 0o600 });
    }
    case undefined:
      return null;
  }
}
