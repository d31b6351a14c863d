import { describe, expect, it } from '@jest/globals';
import type { InstanceSettings } from '../../instance/settings.ts';
import type { Patient } from '../patient.ts';
import { checkSms } from './sms.ts';

const examined = (settings: object, there = true): ReturnType<typeof checkSms> =>
  checkSms({
    settings: settings as InstanceSettings,
    findFile: () => Promise.resolve(there ? { path: '/dev/ttyUSB0' } : null),
  } as unknown as Patient);
const http = (url: string) => ({ sms: { gateway: { driver: 'http', url } } });

describe('doctor on codes by SMS', () => {
  it('MFA-02: a modem that is not there is a fault', async () => {
    const sms = { gateway: { driver: 'modem', device: '/dev/ttyUSB0' } };
    expect(await examined({ sms }, false)).toMatchObject({ status: 'fail' });
    expect(await examined({ sms })).toMatchObject({ status: 'ok' });
  });

  it('MFA-02: a gateway behind the closed way out must be a declared peer', async () => {
    const url = 'https://192.0.2.7:8443/send';
    expect(await examined(http(url))).toMatchObject({
      status: 'warn',
      mend: expect.stringContaining('casemate egress allow 192.0.2.7:8443') as unknown,
    });
    const peers = [{ address: '192.0.2.7', protocol: 'tcp', port: 8443 }];
    expect(await examined({ ...http(url), egress: { peers } })).toMatchObject({ status: 'ok' });
    expect(await examined(http('http://127.0.0.1:9000/'))).toMatchObject({ status: 'ok' });
  });

  it('no gateway is no fault', async () => {
    expect(await examined({})).toMatchObject({ status: 'ok' });
  });
});
