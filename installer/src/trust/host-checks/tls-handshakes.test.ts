import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureServerCertificate } from '../../certificates/ensure-server-certificate.ts';
import { fakePatient, fakePaths } from '../../doctor/fake-patient.ts';
import { sendGet } from '../../doctor/send-get.ts';
import { realHost } from '../../preflight/real-host.ts';
import { tlsHandshakes } from './tls-handshakes.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'handshake-'));
const running: Server[] = [];
let certificate: Awaited<ReturnType<typeof ensureServerCertificate>>;

beforeAll(async () => {
  const request = { directory: path.join(dir, 'tls'), hostName: 'localhost' };
  certificate = await ensureServerCertificate({
    ...request,
    addresses: ['127.0.0.1'],
    now: new Date(),
  });
});
afterEach(async () => {
  for (const server of running.splice(0)) await new Promise((done) => server.close(done));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function listen(server: Server): Promise<number> {
  running.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** The check against a real server with the given options. */
async function examine(options: TlsOptions = {}, location = 'https://localhost/') {
  const secure = https.createServer({
    cert: readFileSync(certificate.certFile),
    key: readFileSync(certificate.keyFile),
    ...options,
  });
  const plain = http.createServer((_request, response) =>
    response.writeHead(308, { location, connection: 'close' }).end(),
  );
  const settings = {
    ...fakePatient().settings,
    hostName: 'localhost',
    bindAddress: '127.0.0.1',
    httpsPort: await listen(secure),
    httpPort: await listen(plain),
  };
  const paths = { ...fakePaths, tlsDir: path.join(dir, 'tls') };
  return tlsHandshakes.run(fakePatient({ settings, paths, host: realHost(), get: sendGet }));
}

describe('NET-01: handshakes with a real server', () => {
  it('NET-01: fails when the server still takes TLS 1.1', async () => {
    const old = { minVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
    expect(await examine(old)).toEqual({ status: 'fail', evidence: 'TLSv1.1 is accepted.' });
  });
  it('NET-01: fails when the server has no TLS 1.3', async () => {
    expect(await examine({ maxVersion: 'TLSv1.2' })).toMatchObject({ status: 'fail' });
  });
  it('NET-01: fails when HTTP leads to anything but HTTPS', async () => {
    expect(await examine({}, 'http://localhost/')).toMatchObject({ status: 'fail' });
  });
  it("NET-01: fails with a certificate that is not the authority's", async () => {
    const other = await ensureServerCertificate({
      directory: path.join(dir, 'other'),
      hostName: 'localhost',
      addresses: ['127.0.0.1'],
      now: new Date(),
    });
    const files = { cert: readFileSync(other.certFile), key: readFileSync(other.keyFile) };
    await expect(examine(files)).rejects.toThrow();
  });
  it('NET-01: holds for what Node does by itself', async () => {
    const found = await examine();
    expect(found.evidence).toContain('1.0 and 1.1 are refused, 1.2 works, 1.3 is preferred');
    expect(found.status).toBe('pass');
  });
});
