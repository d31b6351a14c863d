import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as der from './der.ts';
import { readMembers, readValue } from './der-reader.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const integerOf = (content: Buffer): bigint => BigInt(`0x${content.toString('hex')}`);

describe('the DER encoder', () => {
  it('refuses negative numbers, long tags and malformed object identifiers', () => {
    expect(() => der.encodeInteger(-1)).toThrow('no negative');
    expect(() => der.encodeValue(0x1f)).toThrow('not supported');
    for (const wrong of ['', '1', '3.1', '1.40', '1.2.x', '1.2.-3', '1..2']) {
      expect(() => der.encodeObjectIdentifier(wrong)).toThrow('not an object identifier');
    }
  });

  it('encodes the published examples of X.690', () => {
    expect(der.encodeInteger(0).toString('hex')).toBe('020100');
    expect(der.encodeInteger(127).toString('hex')).toBe('02017f');
    expect(der.encodeInteger(128).toString('hex')).toBe('02020080');
    expect(der.encodeInteger(256).toString('hex')).toBe('02020100');
    expect(der.encodeObjectIdentifier('2.999.3').toString('hex')).toBe('0603883703');
    expect(der.encodeObjectIdentifier('1.2.840.113549').toString('hex')).toBe('06062a864886f70d');
    expect(der.encodeTrue().toString('hex')).toBe('0101ff');
    expect(der.encodeBitString(Buffer.from([0x06]), 1).toString('hex')).toBe('03020106');
  });

  it('changes from UTCTime to GeneralizedTime with the year 2050', () => {
    const before = readValue(der.encodeTime(new Date('2049-12-31T23:59:59.900Z'))).value;
    const after = readValue(der.encodeTime(new Date('2050-01-01T00:00:00Z'))).value;
    expect([before.tag, before.content.toString()]).toEqual([0x17, '491231235959Z']);
    expect([after.tag, after.content.toString()]).toEqual([0x18, '20500101000000Z']);
  });

  it('keeps every number through minimal, positive integers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 180n }), (number) => {
        const { value, rest } = readValue(der.encodeInteger(number));
        expect(rest.length).toBe(0);
        expect(integerOf(value.content)).toBe(number);
        const [first = 0, second = 0xff] = value.content;
        expect(first & 0x80).toBe(0);
        expect(first === 0 && value.content.length > 1 && (second & 0x80) === 0).toBe(false);
      }),
    );
  });

  it('keeps content of any length, nested in any order', () => {
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ minLength: 65_530, maxLength: 65_540, size: 'max' }),
    );
    fc.assert(
      fc.property(fc.array(content, { maxLength: 5 }), (parts) => {
        const encoded = der.encodeSequence(...parts.map((part) => der.encodeOctetString(part)));
        const members = readMembers(readValue(encoded).value.content);
        expect(members.map((member) => member.content.toString('hex'))).toEqual(
          parts.map((part) => Buffer.from(part).toString('hex')),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('sorts the members of a set', () => {
    const set = der.encodeSet(der.encodeInteger(9), der.encodeInteger(3), der.encodeTrue());
    expect(set.toString('hex')).toBe('31090101ff020103020109');
  });

  (hasOpenssl ? it : it.skip)('is read by openssl as the object identifier that was meant', () => {
    const arcs = fc.tuple(
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 39 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
    );
    fc.assert(
      fc.property(arcs, ([first, second, rest]) => {
        const dotted = [first, second, ...rest].join('.');
        const input = der.encodeObjectIdentifier(dotted);
        const shown = execFileSync('openssl', ['asn1parse', '-inform', 'DER'], {
          input,
        }).toString();
        // Known identifiers are shown by their name; the prim line is proof enough for those.
        expect(shown).toMatch(/prim: OBJECT +:/);
        if (/: *[\d.]+$/m.test(shown)) expect(shown.trim().endsWith(`:${dotted}`)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
});

describe('the DER reader', () => {
  it('refuses truncated values, padded and indefinite lengths', () => {
    for (const wrong of [
      '',
      '30',
      '3003020100ff'.slice(0, 8),
      '3080',
      '308101',
      '30820001',
      '1f01',
    ]) {
      expect(() => readValue(Buffer.from(wrong, 'hex'))).toThrow('DER:');
    }
  });

  it('never reads beyond what it was given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (noise) => {
        try {
          const { value, rest } = readValue(Buffer.from(noise));
          expect(value.whole.length + rest.length).toBe(noise.length);
        } catch (error) {
          expect((error as Error).message).toMatch(/^DER:/);
        }
      }),
    );
  });
});
