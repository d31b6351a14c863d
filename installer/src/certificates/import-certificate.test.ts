import { createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createAuthorityCertificate, createServerCertificate } from './certificate.ts';
import { describeCertificate } from './describe-certificate.ts';
import { ensureServerCertificate } from './ensure-server-certificate.ts';
import { importCertificate } from './import-certificate.ts';
import { requestCertificate } from './request-certificate.ts';

const now = new Date('2030-06-01T12:00:00Z');
const validity = {
  notBefore: new Date('2030-01-01T00:00:00Z'),
  notAfter: new Date('2031-01-01T00:00:00Z'),
};
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pemOf = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const customerKey = newKey();
const caPem = createAuthorityCertificate({ commonName: 'Customer', key: customerKey, validity });
const authority = { certificate: new X509Certificate(caPem), key: customerKey };
const serverKey = newKey();

function issue(options: { names?: [string]; key?: KeyObject; validity?: typeof validity } = {}) {
  const { names = ['casemate.example'], key = serverKey, ...rest } = options;
  const publicKey = createPublicKey(key);
  return createServerCertificate({ names, publicKey, authority, validity, ...rest });
}

const good = {
  certPem: issue(),
  chainPem: caPem,
  keyPem: pemOf(serverKey),
  hostName: 'casemate.example',
  now,
};
const rsaWeak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const locked = serverKey.export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'x',
});
const past = { notBefore: new Date('2029-01-01'), notAfter: new Date('2030-01-01') };
const future = { notBefore: new Date('2030-07-01'), notAfter: new Date('2031-01-01') };
const otherCa = createAuthorityCertificate({ commonName: 'Customer', key: newKey(), validity });

describe("a customer's certificate", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'casemate-import-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it.each([
    ['no certificate', { certPem: 'nothing' }, 'holds no certificate'],
    ['damage', { certPem: good.certPem.replace(/\n[A-Za-z]{8}/, '\nAAAAAAAA') }, 'cannot be read'],
    ['no key', { keyPem: 'nothing' }, 'holds no private key'],
    ['a locked key', { keyPem: locked.toString() }, 'locked by a passphrase'],
    ['another key', { keyPem: pemOf(newKey()) }, 'not the one of the certificate'],
    ['a weak key', { certPem: issue({ key: rsaWeak }), keyPem: pemOf(rsaWeak) }, 'too weak'],
    ['another name', { hostName: 'other.example' }, 'not for other.example'],
    ['an authority', { certPem: caPem, keyPem: pemOf(customerKey) }, 'is an authority'],
    ['an end in the past', { certPem: issue({ validity: past }) }, 'ended on'],
    ['a later beginning', { certPem: issue({ validity: future }) }, 'begins on'],
    ['no issuer', { chainPem: '' }, 'issuer of the certificate is missing'],
    ['an issuer of the same name with another key', { chainPem: otherCa }, 'is missing'],
  ])('is refused for %s, and nothing is written', async (_case, wrong, message) => {
    const refused = importCertificate(directory, { ...good, ...wrong });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ next: expect.stringContaining('Nothing was') });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is taken into use, and never replaced by our own', async () => {
    await importCertificate(directory, good);
    const after = await ensureServerCertificate({
      directory,
      hostName: 'new.example',
      addresses: [],
      now: new Date('2033-01-01'),
    });
    expect(after).toMatchObject({ origin: 'customer', renewed: null });
    expect(readFileSync(after.certFile, 'utf8')).toBe(good.certPem);
    expect(await describeCertificate(directory, now)).toMatchObject({
      origin: 'customer',
      names: ['casemate.example'],
      daysLeft: 213,
    });
  });

  it('gives way to our own when that is asked for', async () => {
    await importCertificate(directory, good);
    const own = { directory, hostName: 'casemate.example', addresses: [], now, force: true };
    expect(await ensureServerCertificate(own)).toMatchObject({ origin: 'authority' });
  });

  it('fits the request that was made here, whose key then goes', async () => {
    const names = { directory, hostName: 'casemate.example', addresses: ['192.0.2.7'] };
    const request = await requestCertificate(names);
    expect(request).toContain('BEGIN CERTIFICATE REQUEST');
    const keyFile = path.join(directory, 'request.key');
    const keyPem = readFileSync(keyFile, 'utf8');
    await requestCertificate(names);
    expect(readFileSync(keyFile, 'utf8')).toBe(keyPem);
    const certPem = issue({ key: (await import('node:crypto')).createPrivateKey(keyPem) });
    await importCertificate(directory, { ...good, certPem, keyPem });
    expect(existsSync(keyFile)).toBe(false);
  });

  it('is described by nothing before there is one', async () => {
    expect(await describeCertificate(directory, now)).toBeNull();
  });
});
