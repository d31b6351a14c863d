import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ensureServerCertificate } from '../../../installer/src/certificates/ensure-server-certificate.ts';
import { putIntoUse } from '../../../installer/src/certificates/put-into-use.ts';
import { createLog, type Config } from '../platform/index.ts';
import { listen, type Listeners } from './listen.ts';

jest.setTimeout(40_000);

const log = createLog({ level: 'error', fields: {}, silent: true });

describe('the listeners', () => {
  let dir: string;
  let listeners: Listeners;

  beforeEach(async () => {
    dir = mkdtempSync('/tmp/cml-');
    await makeCertificate('first');
    const config = {
      CASEMATE_HOST_NAME: 'localhost',
      CASEMATE_BIND_ADDRESS: '127.0.0.1',
      CASEMATE_HTTPS_PORT: 0,
      CASEMATE_HTTP_PORT: 0,
      CASEMATE_MAX_CONNECTIONS: 3,
      CASEMATE_TLS_CERT_FILE: join(dir, 'use/current/server.crt'),
      CASEMATE_TLS_KEY_FILE: join(dir, 'use/current/server.key'),
    } as Config;
    listeners = await listen(config, log, (_request, response) => response.end('ok'));
  });
  afterEach(async () => {
    await listeners.close(0);
    rmSync(dir, { recursive: true, force: true });
  });

  /** Issues a certificate for `name` and makes it the current one, as the installer does. */
  async function makeCertificate(name: string): Promise<void> {
    const made = await ensureServerCertificate({
      directory: join(dir, name),
      hostName: `${name}.example`,
      addresses: [],
      now: new Date(),
    });
    const read = (file: string): string => readFileSync(file, 'utf8');
    await putIntoUse(join(dir, 'use'), {
      origin: 'authority',
      certificates: read(made.certFile),
      key: read(made.keyFile),
      authority: read(made.caFile),
    });
  }
  const shownName = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = tls.connect({
        port: listeners.httpsPort,
        host: '127.0.0.1',
        rejectUnauthorized: false,
      });
      socket.on('error', reject);
      socket.on('secureConnect', () => {
        resolve(String(socket.getPeerCertificate().subjectaltname));
        socket.destroy();
      });
    });

  it('each of three certificates put into use in a row serves new connections', async () => {
    expect(await shownName()).toContain('first.example');
    for (const name of ['second', 'third', 'fourth']) {
      await makeCertificate(name);
      const deadline = Date.now() + 8_000;
      while (!(await shownName()).includes(name) && Date.now() < deadline) await sleep(100);
      expect(await shownName()).toContain(`${name}.example`);
    }
  });

  it('a key that does not fit is not taken, and the one after it is', async () => {
    const broken = { certificates: 'none', key: 'none', authority: 'none' };
    await putIntoUse(join(dir, 'use'), { ...broken, origin: 'authority' });
    await sleep(2_500);
    expect(await shownName()).toContain('first.example');
    await makeCertificate('second');
    const deadline = Date.now() + 8_000;
    while (!(await shownName()).includes('second') && Date.now() < deadline) await sleep(100);
    expect(await shownName()).toContain('second.example');
  });

  it('RAT-01: connections over the configured number are closed', async () => {
    const sockets = Array.from({ length: 5 }, () => net.connect(listeners.httpsPort, '127.0.0.1'));
    const closed = sockets.map(
      (socket) =>
        new Promise<boolean>((resolve) => {
          socket.on('error', () => undefined);
          socket.on('close', () => resolve(true));
          setTimeout(() => resolve(false), 1_000);
        }),
    );
    const outcomes = await Promise.all(closed);
    for (const socket of sockets) socket.destroy();
    expect(outcomes.filter(Boolean)).toHaveLength(2);
  });
});
