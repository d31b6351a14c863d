import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openField, parseField, rekeyField, sealField, type FieldPlace } from './envelope.ts';

const key = { version: 3, object: createSecretKey(randomBytes(32)) };
const place: FieldPlace = { tenant: 't', provider: 'p', table: 'a', row: 'r', field: 'f' };
const open = (stored: string, at = place, by = key.object): string =>
  openField(by, at, parseField(stored));

describe('an encrypted field', () => {
  it('ENC-02: no change of any one character goes unnoticed', () => {
    const sealed = sealField(key, place, 'the archive key');
    for (let at = 0; at < sealed.length; at += 1)
      for (const other of ['A', 'B', '-', '+', '.', '3', '4', ' ']) {
        if (sealed[at] === other) continue;
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
        const opened = (): string => {
          const field = parseField(changed);
          // The version names the key; with another one the tag is wrong.
          if (field.version !== key.version) throw new Error('another key');
          return openField(key.object, place, field);
        };
        expect(opened).toThrow();
      }
    for (const text of [`${sealed}A`, `${sealed}=`, ` ${sealed}`, sealed.slice(0, -1), 'plain', ''])
      expect(() => open(text)).toThrow();
    expect(open(sealed)).toBe('the archive key');
  });

  it('ENC-02: does not open with any one bit of it changed', () => {
    const sealed = sealField(key, place, 'the archive key');
    const [format, version, text = ''] = sealed.split('.');
    const bytes = Buffer.from(text, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const stored = `${format ?? ''}.${version ?? ''}.${changed.toString('base64url')}`;
      expect(() => open(stored)).toThrow();
    }
  });

  it('ENC-02: opens nowhere else: tenant, provider, table, row and field are bound', () => {
    const sealed = sealField(key, place, 'x');
    for (const part of ['tenant', 'provider', 'table', 'row', 'field'] as const)
      expect(() => open(sealed, { ...place, [part]: 'other' })).toThrow();
    const { provider: _provider, ...without } = place;
    expect(() => open(sealed, without)).toThrow();
    // What moves from one part to the next is another place.
    expect(() => open(sealed, { ...place, table: 'ar', row: '' })).toThrow();
    expect(() => open(sealed, place, createSecretKey(randomBytes(32)))).toThrow();
    expect(open(sealed)).toBe('x');
  });

  it('gives back every text, and never the same ciphertext twice', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const sealed = sealField(key, place, text);
        expect(seen.has(sealed)).toBe(false);
        seen.add(sealed);
        expect(open(sealed)).toBe(Buffer.from(text, 'utf8').toString('utf8'));
      }),
      { numRuns: 700 },
    );
  });

  it('ENC-03: moves to another key unread', () => {
    const next = { version: 4, object: createSecretKey(randomBytes(32)) };
    const moved = rekeyField(
      { from: key.object, to: next },
      place,
      parseField(sealField(key, place, 'kept')),
    );
    expect(moved).toMatch(/^cm1\.4\./);
    expect(open(moved, place, next.object)).toBe('kept');
    expect(() => open(moved)).toThrow();
  });
});
