import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Config } from '../config/config-schema.ts';
import { createSmsGateway } from './create-sms-gateway.ts';
import { sendByHttp } from './send-by-http.ts';
import { sendByModem } from './send-by-modem.ts';
import { SmsRefused } from './sms-refused.ts';

const SMS = { to: '+4741234567', text: '123456 is your code.\n\n@casemate.example #123456' };

/** A modem at the other end of a pair of pseudo-terminals; it prints what it was given. */
const MODEM = `
import os, pty, sys, tty
master, slave = pty.openpty()
tty.setraw(master)
print(os.ttyname(slave), flush=True)
answer, heard, body = sys.argv[1], b'', False
while True:
    heard += os.read(master, 1)
    if body and heard.endswith(b'\\x1a'):
        print(repr(heard[:-1].decode()), flush=True)
        body, heard = False, b''
        os.write(master, b'\\r\\n+CMGS: 7\\r\\n\\r\\nOK\\r\\n')
    elif not body and heard.endswith(b'\\r'):
        line = heard.decode().strip('\\r\\x1b')
        heard = b''
        if not line: continue
        print(repr(line), flush=True)
        if answer == 'silent': continue
        if not line.startswith('AT+CMGS'): os.write(master, b'\\r\\nOK\\r\\n')
        elif answer == 'ok':
            body = True
            os.write(master, b'\\r\\n> ')
        else: os.write(master, ('\\r\\n' + answer + '\\r\\n').encode())
`;

describe('the gateways of codes', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  type Taken = { body: string; authorization: string | undefined };
  const startGateway = async (status: number): Promise<{ url: URL; taken: Taken[] }> => {
    const taken: Taken[] = [];
    const server = http.createServer((request, response) => {
      void text(request).then((body) => {
        taken.push({ body, authorization: request.headers.authorization });
        response.writeHead(status, { location: '/elsewhere' }).end('thanks');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => server.close());
    return {
      url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`),
      taken,
    };
  };
  const startModem = async (answer: string) => {
    const modem: ChildProcess = spawn('python3', ['-c', MODEM, answer], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    ends.push(() => modem.kill('SIGKILL'));
    const heard: string[] = [];
    const lines = createInterface({ input: modem.stdout! });
    const [device] = (await once(lines, 'line')) as [string];
    lines.on('line', (line) => heard.push(line));
    return { device, heard };
  };

  it.each([301, 400, 401, 403])('MFA-02: %i of an HTTP gateway is a lasting no', async (status) => {
    const { url, taken } = await startGateway(status);
    const sent = sendByHttp(SMS, { url, ca: undefined, token: undefined });
    await expect(sent).rejects.toBeInstanceOf(SmsRefused);
    expect(taken).toHaveLength(1);
  });

  it.each([429, 500, 503])(
    'MFA-02: after %i of an HTTP gateway it is tried again',
    async (status) => {
      const { url } = await startGateway(status);
      const sent = sendByHttp(SMS, { url, ca: undefined, token: undefined });
      await expect(sent).rejects.toThrow(String(status));
      await expect(sent).rejects.not.toBeInstanceOf(SmsRefused);
    },
  );

  it('MFA-02: an HTTP gateway gets number and text as JSON, and its token', async () => {
    const { url, taken } = await startGateway(202);
    await sendByHttp(SMS, { url, ca: undefined, token: 'of-the-gateway' });
    expect(taken).toEqual([{ body: JSON.stringify(SMS), authorization: 'Bearer of-the-gateway' }]);
  });

  it.each(['+47"\rATD+4790000000;\r', '41234567', '+47 412 34 567'])(
    'MFA-02: a modem is told no number that could be a command: %j',
    async (to) => {
      const { device, heard } = await startModem('ok');
      await expect(sendByModem({ ...SMS, to }, { device })).rejects.toBeInstanceOf(SmsRefused);
      const escaping = { ...SMS, text: `1\u001aAT+CMGS="+4790000000"\r2` };
      await expect(sendByModem(escaping, { device })).rejects.toBeInstanceOf(SmsRefused);
      expect(heard).toEqual([]);
    },
  );

  it('MFA-02: a modem that is silent, or refuses, has sent nothing', async () => {
    const silent = await startModem('silent');
    await expect(sendByModem(SMS, { device: silent.device, waitMs: 400 })).rejects.toThrow(
      'in time',
    );
    const barred = await startModem('+CMS ERROR: 8');
    await expect(sendByModem(SMS, barred)).rejects.toBeInstanceOf(SmsRefused);
    const busy = await startModem('+CMS ERROR: 500');
    await expect(sendByModem(SMS, busy)).rejects.not.toBeInstanceOf(SmsRefused);
    const gone = sendByModem(SMS, { device: '/dev/casemate-no-modem' });
    await expect(gone).rejects.not.toBeInstanceOf(SmsRefused);
  });

  it('MFA-02: a modem sends by AT commands, one message after another', async () => {
    const { device, heard } = await startModem('ok');
    const send = createSmsGateway({
      CASEMATE_SMS_DRIVER: 'modem',
      CASEMATE_SMS_DEVICE: device,
    } as Config);
    await Promise.all([send?.(SMS), send?.({ ...SMS, text: 'second' })]);
    const dialogue = ["'ATE0'", "'AT+CMGF=1'", `'AT+CSCS="GSM"'`, `'AT+CMGS="${SMS.to}"'`];
    const body = `'${SMS.text.replaceAll('\n', String.raw`\r`)}'`;
    expect(heard).toEqual([...dialogue, body, ...dialogue, "'second'"]);
  });

  it('MFA-02: the file of tests gets a line for each', async () => {
    const dir = mkdtempSync('/tmp/cms-');
    ends.push(() => rmSync(dir, { recursive: true }));
    const file = join(dir, 'sms');
    const send = createSmsGateway({
      CASEMATE_SMS_DRIVER: 'file',
      CASEMATE_SMS_FILE: file,
    } as Config);
    await send?.(SMS);
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(SMS)}\n`);
    expect(createSmsGateway({} as Config)).toBeNull();
  });
});
