import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthorityCertificate, createServerCertificate } from './certificate.ts';
import { createRequest } from './request.ts';

const withOpenssl = spawnSync('openssl', ['version']).status === 0 ? it : it.skip;
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const day = 86_400_000;
const validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) };

const authorityKey = newKey();
const serverKey = newKey();
const authorityPem = createAuthorityCertificate({
  commonName: 'Test authority',
  key: authorityKey,
  validity,
});
const authority = { certificate: new X509Certificate(authorityPem), key: authorityKey };
const names = ['casemate.example', '192.0.2.7', '2001:db8::7'] as const;
const serverPem = createServerCertificate({
  names,
  publicKey: createPublicKey(serverKey),
  authority,
  validity,
});
const server = new X509Certificate(serverPem);

describe('a certificate of our own authority', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'casemate-certificate-'));
    writeFileSync(path.join(directory, 'ca.pem'), authorityPem);
    writeFileSync(path.join(directory, 'server.pem'), serverPem);
    writeFileSync(path.join(directory, 'request.pem'), createRequest({ names, key: serverKey }));
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: directory }).toString();

  it('is not an authority itself, and its key signs nothing but handshakes', () => {
    expect(server.ca).toBe(false);
    expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(authority.certificate.ca).toBe(true);
  });

  it('is refused for another name, address or authority', () => {
    expect(server.checkHost('other.example')).toBeUndefined();
    expect(server.checkIP('192.0.2.8')).toBeUndefined();
    const other = createAuthorityCertificate({
      commonName: 'Test authority',
      key: newKey(),
      validity,
    });
    expect(server.verify(new X509Certificate(other).publicKey)).toBe(false);
  });

  it('is signed for its names by the authority', () => {
    expect(server.verify(authority.certificate.publicKey)).toBe(true);
    expect(server.checkIssued(authority.certificate)).toBe(true);
    expect(server.checkHost('casemate.example')).toBe('casemate.example');
    expect(server.checkIP('192.0.2.7')).toBe('192.0.2.7');
    expect(server.checkIP('2001:db8:0:0::7')).toBeDefined();
    expect(server.checkPrivateKey(serverKey)).toBe(true);
  });

  it('keeps the moments of its validity to the second', () => {
    expect(Math.abs(Date.parse(server.validTo) - validity.notAfter.getTime())).toBeLessThan(1000);
    expect(Math.abs(Date.parse(server.validFrom) - validity.notBefore.getTime())).toBeLessThan(
      1000,
    );
  });

  withOpenssl('passes the strict verification of openssl for a TLS server', () => {
    const purpose = ['-purpose', 'sslserver', '-verify_hostname', 'casemate.example'];
    const shown = openssl(
      'verify',
      '-x509_strict',
      '-check_ss_sig',
      '-CAfile',
      'ca.pem',
      ...purpose,
      'server.pem',
    );
    expect(shown.trim()).toBe('server.pem: OK');
    const text = openssl('x509', '-in', 'ca.pem', '-noout', '-text');
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(text).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
    const leaf = openssl('x509', '-in', 'server.pem', '-noout', '-text');
    expect(leaf).toMatch(/Key Usage: critical\s+Digital Signature\n/);
    expect(leaf).toContain('IP Address:2001:DB8:0:0:0:0:0:7');
  });

  withOpenssl('asks for the same names in a signing request that openssl verifies', () => {
    const text = openssl('req', '-in', 'request.pem', '-noout', '-verify', '-text');
    expect(text).toContain('DNS:casemate.example, IP Address:192.0.2.7');
    expect(text).toContain('TLS Web Server Authentication');
  });
});
