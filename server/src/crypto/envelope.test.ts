import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { openField, parseField, sealField, type FieldPlace } from './envelope.ts';

const object = createSecretKey(randomBytes(32));
const key = { version: 3, object };
const place: FieldPlace = {
  tenant: 'a',
  provider: 'p',
  table: 'tokens',
  row: '1',
  field: 'refresh',
};
const sealed = sealField(key, place, 'the archive key');
const open = (stored: string, at: FieldPlace = place, by = object): string =>
  openField(by, at, parseField(stored));

describe('a sealed field', () => {
  it.each<[string, Partial<FieldPlace>]>([
    ['tenant', { tenant: 'b' }],
    ['provider', { provider: 'q' }],
    ['table', { table: 'secrets' }],
    ['row', { row: '2' }],
    ['field', { field: 'access' }],
    ['boundary between two parts', { table: 'tokens|1:1', row: '' }],
  ])('ENC-02: does not open at another %s', (_what, change) => {
    expect(() => open(sealed, { ...place, ...change })).toThrow();
  });

  it('ENC-02: does not open without the provider that it was sealed for', () => {
    const { provider: _left, ...rest } = place;
    expect(() => open(sealed, rest)).toThrow();
  });

  it('ENC-02: does not open with any one bit of it changed', () => {
    const [format, version, text = ''] = sealed.split('.');
    const bytes = Buffer.from(text, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const stored = `${format ?? ''}.${version ?? ''}.${changed.toString('base64url')}`;
      expect(() => open(stored)).toThrow();
    }
  });

  it('ENC-02: does not open cut short, longer, or under another key', () => {
    expect(() => open(sealed.slice(0, -2))).toThrow();
    expect(() => open(`${sealed}AA`)).toThrow();
    expect(() => open(sealed, place, createSecretKey(randomBytes(32)))).toThrow();
  });

  it('ENC-02: opens where it belongs, and never looks twice the same', () => {
    expect(open(sealed)).toBe('the archive key');
    expect(parseField(sealed).version).toBe(3);
    expect(sealField(key, place, 'the archive key')).not.toBe(sealed);
  });
});
