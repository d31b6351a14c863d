import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { selfSigned } from './self-signed.ts';

describe('a certificate that is its own issuer', () => {
  const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2_048 });

  it('is read by OpenSSL with its name, its times and its key, and signs itself', () => {
    const from = new Date('2026-01-02T03:04:05Z');
    for (const until of [
      '2036-01-02T03:04:05.000Z',
      '2049-12-31T23:59:59.000Z',
      '2051-01-01T00:00:00.000Z',
    ]) {
      const wish = { key, commonName: 'An appliance', from, until: new Date(until) };
      const made = new X509Certificate(selfSigned(wish));
      expect([made.subject, made.issuer]).toEqual(['CN=An appliance', 'CN=An appliance']);
      expect(made.validFromDate).toEqual(from);
      expect(made.validToDate.toISOString()).toBe(until);
      expect(made.checkPrivateKey(key)).toBe(true);
      expect(made.verify(made.publicKey)).toBe(true);
      expect(made.serialNumber).toMatch(/^40[0-9A-F]{30}$/);
    }
  });
});
