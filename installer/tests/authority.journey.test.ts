import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLog, type Config } from '../../server/src/platform/index.ts';
import { listen, type Listeners } from '../../server/src/app/listen.ts';
import { engineSigner, holdAuthority, writeRoles } from '../src/certificates/authority-engine.ts';
import { ensureServerCertificate } from '../src/certificates/ensure-server-certificate.ts';
import { createRequest } from '../src/certificates/request.ts';
import { ensureDir } from '../src/host/write-file.ts';
import { destroyFile } from '../src/rotation/destroy-file.ts';
import { startChild } from '../src/test-parts/start-child.ts';
import { unprivileged } from '../src/test-parts/unprivileged.ts';
import { startVaultPart } from '../src/test-parts/vault-part.ts';
import { requestVault } from '../src/vault/request.ts';

describe("the appliance's authority in the key service", () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'cm-'));
  const directory = path.join(dir, 'tls');
  const authorityKey = path.join(directory, 'authority', 'ca.key');
  let vault: Awaited<ReturnType<typeof startVaultPart>>;
  let listeners: Listeners;

  const engine = async () => ({ socketPath: vault.socket, token: await vault.operatorToken() });
  const renew = async (force = true) =>
    ensureServerCertificate({
      directory,
      hostName: 'casemate.example',
      addresses: ['192.0.2.7'],
      now: new Date(),
      force,
      sign: engineSigner(await engine()),
    });
  const serial = () =>
    new X509Certificate(readFileSync(path.join(directory, 'server.crt'))).serialNumber;

  beforeAll(async () => {
    const runAs = unprivileged();
    await ensureDir(dir, { mode: runAs ? 0o711 : 0o700 });
    vault = await startVaultPart({ dir, cacheDir: undefined, runAs, launch: startChild });
    await renew(false);
    const authority = {
      certificatePem: readFileSync(path.join(directory, 'authority', 'ca.crt'), 'utf8'),
      keyPem: readFileSync(authorityKey, 'utf8'),
    };
    await holdAuthority(await engine(), authority);
    await holdAuthority(await engine(), authority);
    await writeRoles(await engine());
    await destroyFile(authorityKey);
    const config = {
      CASEMATE_TLS_CERT_FILE: path.join(directory, 'server.crt'),
      CASEMATE_TLS_KEY_FILE: path.join(directory, 'server.key'),
      CASEMATE_HTTPS_PORT: 0,
      CASEMATE_HTTP_PORT: 0,
      CASEMATE_BIND_ADDRESS: '127.0.0.1',
      CASEMATE_HOST_NAME: 'casemate.example',
      CASEMATE_MAX_CONNECTIONS: 1000,
    } as Config;
    const log = createLog({ level: 'error', fields: {}, silent: true });
    listeners = await listen(config, log, (_request, response) => response.end('ok'));
  }, 60_000);
  afterAll(async () => {
    await listeners.close(0);
    await vault.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  /** Resolves with the serial number of the certificate that a browser with our authority accepts. */
  const shake = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect({
        port: listeners.httpsPort,
        host: '127.0.0.1',
        servername: 'casemate.example',
        ca: readFileSync(path.join(directory, 'authority', 'ca.crt')),
      });
      socket.on('error', reject);
      socket.on('secureConnect', () => {
        const seen = socket.getPeerX509Certificate()?.serialNumber ?? '';
        socket.destroy();
        resolve(seen);
      });
    });

  it('NET-01: another authority does not take its place, and its key comes out nowhere', async () => {
    const other = path.join(dir, 'other');
    await ensureServerCertificate({
      directory: other,
      hostName: 'a',
      addresses: [],
      now: new Date(),
    });
    const stranger = {
      certificatePem: readFileSync(path.join(other, 'authority', 'ca.crt'), 'utf8'),
      keyPem: readFileSync(path.join(other, 'authority', 'ca.key'), 'utf8'),
    };
    await expect(holdAuthority(await engine(), stranger)).rejects.toThrow('another authority');
    expect(existsSync(authorityKey)).toBe(false);
    for (const at of [
      'root/generate/exported',
      'issue/dashboard',
      'keys/generate/exported',
      'root/sign-intermediate',
    ])
      expect(
        (
          await requestVault({
            ...(await engine()),
            method: 'POST',
            path: `casemate-pki/${at}`,
            body: {},
          })
        ).status,
      ).toBe(403);
  });

  it('NET-01: what it signs can sign nothing, and serves for 397 days at most', async () => {
    const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const request = createRequest({ names: ['casemate.example'], key });
    const sign = engineSigner(await engine());
    const day = 86_400;
    await expect(sign({ request, seconds: 800 * day })).resolves.toBeDefined();
    const long = new X509Certificate(await sign({ request, seconds: 800 * day }));
    expect(Date.parse(long.validTo) - Date.now()).toBeLessThanOrEqual(398 * day * 1000);
    expect(long.ca).toBe(false);
    expect(long.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it('NET-01 SEC-03: ten renewals under load fail no handshake, and each is taken into use', async () => {
    const before = serial();
    let ended = false;
    let handshakes = 0;
    const failures: unknown[] = [];
    const seen = new Set<string>();
    const lane = async (): Promise<void> => {
      while (!ended) {
        handshakes += 1;
        await shake().then(
          (number) => seen.add(number),
          (error: unknown) => failures.push(error),
        );
      }
    };
    const lanes = [lane(), lane()];
    const made: string[] = [];
    for (let count = 0; count < 10; count += 1) {
      await renew();
      made.push(serial());
      // The server looks at its files every two seconds.
      await new Promise((done) => setTimeout(done, 2_300));
    }
    ended = true;
    await Promise.all(lanes);
    expect(failures).toEqual([]);
    expect((await renew(false)).renewed).toBeNull();
    expect(handshakes).toBeGreaterThan(100);
    expect(new Set(made).size).toBe(10);
    for (const number of made) expect(seen).toContain(number);
    expect(made).not.toContain(before);
  }, 60_000);
});
