import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findAuthority } from './authority.ts';
import {
  ensureServerCertificate,
  type EnsureCertificateOptions,
} from './ensure-server-certificate.ts';

const day = 86_400_000;
const now = new Date('2030-06-01T12:00:00Z');
const later = (days: number) => new Date(now.getTime() + days * day);
const serialOf = (file: string) => new X509Certificate(readFileSync(file)).serialNumber;

describe("the server's certificate", () => {
  let directory: string;
  const ensure = (options: Partial<EnsureCertificateOptions> = {}) =>
    ensureServerCertificate({
      directory,
      hostName: 'casemate.example',
      addresses: ['192.0.2.7'],
      now,
      ...options,
    });

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'casemate-ensure-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is refused for what is not a host name, and nothing is written', async () => {
    const refused = ensure({ hostName: 'https://casemate.example' });
    await expect(refused).rejects.toMatchObject({
      name: 'Fault',
      next: expect.stringContaining('without https'),
    });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is refused when the key of the authority is not its own', async () => {
    await ensure();
    const other = mkdtempSync(path.join(directory, 'other-'));
    await ensureServerCertificate({ directory: other, hostName: 'a', addresses: [], now });
    const key = path.join(directory, 'authority', 'ca.key');
    rmSync(key);
    writeFileSync(key, readFileSync(path.join(other, 'authority', 'ca.key')));
    await expect(ensure()).rejects.toThrow('not the one of its certificate');
    rmSync(path.join(directory, 'authority', 'ca.crt'));
    await expect(ensure()).rejects.toThrow('The certificate of the authority is missing');
  });

  it('is made by whoever holds the key of the authority, and by nobody else', async () => {
    const { certFile } = await ensure();
    const { serialNumber } = new X509Certificate(readFileSync(certFile));
    const authority = await findAuthority(directory);
    rmSync(path.join(directory, 'authority', 'ca.key'));
    expect((await ensure()).renewed).toBeNull();
    const late = { now: later(380) };
    await expect(ensure(late)).rejects.toThrow('The key of the authority is in the key service');
    expect(serialOf(certFile)).toBe(serialNumber);
    const asked: string[] = [];
    const sign = ({ request, seconds }: { request: string; seconds: number }) => {
      asked.push(`${request.split('\n')[0] ?? ''} ${Math.round(seconds / 86_400)}`);
      return Promise.resolve(authority?.pem ?? '');
    };
    expect((await ensure({ ...late, sign })).renewed).toBe('it ends in 16 days');
    expect(asked).toEqual(['-----BEGIN CERTIFICATE REQUEST----- 397']);
  });

  it('is made once, for 397 days, with keys that only their owner reads', async () => {
    const first = await ensure();
    expect(first.renewed).toBe('there was none');
    const certificate = new X509Certificate(readFileSync(first.certFile));
    const seconds = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 1000;
    expect(seconds).toBe(397 * 86_400);
    for (const key of [first.keyFile, path.join(directory, 'authority', 'ca.key')]) {
      expect((statSync(key).mode & 0o777).toString(8)).toBe('400');
    }
    expect((statSync(path.join(directory, 'authority')).mode & 0o777).toString(8)).toBe('700');
    expect((await ensure()).renewed).toBeNull();
    expect(serialOf(first.certFile)).toBe(certificate.serialNumber);
  });

  it.each([
    ['29 days before its end', { now: later(368) }, 'it ends in 28 days'],
    ['after its end', { now: later(400) }, 'it has ended'],
    ['for a new host name', { hostName: 'new.example' }, 'it does not cover new.example'],
    ['for a new address', { addresses: ['2001:db8::1'] }, 'it does not cover 2001:db8::1'],
    ['when the clock went back', { now: later(-2) }, 'it is not valid yet by this clock'],
  ])('is made anew %s, and the old key goes', async (_case, options, reason) => {
    const before = await ensure();
    const serial = serialOf(before.certFile);
    const after = await ensure(options);
    expect(after.renewed).toBe(reason);
    expect(after.certFile).toBe(before.certFile);
    expect(serialOf(after.certFile)).not.toBe(serial);
    expect(readdirSync(path.join(directory, 'issued'))).toHaveLength(1);
  });

  it('is made anew when its key was lost or damaged', async () => {
    const { keyFile } = await ensure();
    rmSync(keyFile);
    expect((await ensure()).renewed).toBe('there was none');
    rmSync(keyFile);
    writeFileSync(keyFile, 'damaged');
    expect((await ensure()).renewed).toBe('it cannot be read');
  });

  it('never outlives its authority', async () => {
    await ensure();
    const { certFile, caFile } = await ensure({ now: later(3500) });
    const [leaf, authority] = [certFile, caFile].map(
      (file) => new X509Certificate(readFileSync(file)),
    );
    expect(leaf?.validTo).toBe(authority?.validTo);
  });

  it('is one and the same when two make it at once', async () => {
    await Promise.all([ensure(), ensure()]);
    expect((await ensure()).renewed).toBeNull();
    expect(readdirSync(directory).toSorted()).toEqual([
      'authority',
      'ca.crt',
      'current',
      'issued',
      'server.crt',
      'server.key',
    ]);
  });

  it('NET-01: serves TLS 1.3 to a client that trusts the authority, and to no other', async () => {
    const files = await ensure({ now: new Date() });
    const [cert, key, ca] = [files.certFile, files.keyFile, files.caFile].map((file) =>
      readFileSync(file),
    );
    const server = createServer({ cert, key, minVersion: 'TLSv1.2' }, (socket) =>
      socket.end('hello'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const greet = (servername: string, trusted?: Buffer) =>
      new Promise<string>((resolve, reject) => {
        const trust = trusted && { ca: trusted };
        const socket = connect({ port, host: '127.0.0.1', servername, ...trust });
        socket.on('error', reject);
        socket.on('secureConnect', () => {
          resolve(socket.getProtocol() ?? '');
          socket.destroy();
        });
      });
    await expect(greet('casemate.example')).rejects.toThrow(/unable to verify|self.signed/);
    await expect(greet('other.example', ca)).rejects.toThrow('does not match');
    await expect(greet('casemate.example', ca)).resolves.toBe('TLSv1.3');
    await new Promise((resolve) => server.close(resolve));
  });
});
