import { describe, expect, it } from '@jest/globals';
import { zipSync } from 'fflate';
import { buildZip } from './fixtures/build-office.ts';
import { openZip } from './zip-archive.ts';

const LIMITS = { entries: 100, ratio: 200, unpackedBytes: 10_000_000 };
const CENTRAL = Buffer.from('504b0102', 'hex');

/** Changes a field of the first entry in the central directory. */
function forge(zip: Uint8Array, change: (entry: Buffer, whole: Buffer) => void): Buffer {
  const whole = Buffer.from(zip);
  change(whole.subarray(whole.indexOf(CENTRAL)), whole);
  return whole;
}

describe('openZip', () => {
  it('refuses an archive with more entries than allowed', () => {
    const many = buildZip(Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`${i}`, 'x'])));
    expect(() => openZip(many, LIMITS)).toThrow('zip_bomb');
  });

  it('refuses an entry that unpacks to two hundred times its size', () => {
    const dense = zipSync({ a: new Uint8Array(5_000_000) }, { level: 9 });
    expect(() => openZip(dense, LIMITS)).toThrow('zip_bomb');
  });

  it('refuses entries that together unpack to more than allowed', () => {
    const large = buildZip({ a: new Uint8Array(600_000), b: new Uint8Array(600_000) });
    expect(() => openZip(large, { ...LIMITS, unpackedBytes: 1_000_000 })).toThrow('zip_bomb');
  });

  it('refuses to unpack past the size that a lying header declares', () => {
    const lying = forge(buildZip({ a: new Uint8Array(1_000_000) }), (entry) =>
      entry.writeUInt32LE(10, 24),
    );
    expect(() => openZip(lying, LIMITS).read('a')).toThrow('zip_bomb');
  });

  it('refuses an entry that unpacks to less than it declares', () => {
    const lying = forge(buildZip({ a: 'hello' }), (entry) => entry.writeUInt32LE(500, 24));
    expect(() => openZip(lying, LIMITS).read('a')).toThrow('broken');
  });

  it('refuses entries that share bytes', () => {
    const overlapping = forge(buildZip({ a: 'hello', b: 'world' }), (entry) => {
      const second = entry.subarray(entry.indexOf(CENTRAL, 4));
      second.writeUInt32LE(0, 42);
    });
    expect(() => openZip(overlapping, LIMITS)).toThrow('zip_bomb');
  });

  it('refuses a name that leads out of the archive', () => {
    for (const name of ['../evil', '/etc/passwd', 'a/../../b', '..\\evil']) {
      expect(() => openZip(buildZip({ [name]: 'x' }), LIMITS)).toThrow('broken');
    }
  });

  it('refuses a name given twice', () => {
    const twice = forge(buildZip({ a: 'one', b: 'two' }), (_, whole) => {
      whole.write('a', whole.lastIndexOf('b'));
    });
    expect(() => openZip(twice, LIMITS)).toThrow('broken');
  });

  it('refuses an entry with a password by that name', () => {
    const locked = forge(buildZip({ a: 'x' }), (entry) => entry.writeUInt16LE(1, 8));
    expect(() => openZip(locked, LIMITS)).toThrow('encrypted');
  });

  it('refuses content that fails its checksum', () => {
    const changed = forge(buildZip({ a: 'hello' }), (entry) => entry.writeUInt32LE(7, 16));
    expect(() => openZip(changed, LIMITS).read('a')).toThrow('broken');
  });

  it('refuses an archive cut off at any place', () => {
    const whole = buildZip({ a: 'hello', b: 'world' });
    for (let length = 0; length < whole.length; length += 3) {
      expect(() => openZip(whole.subarray(0, length), LIMITS)).toThrow('broken');
    }
  });

  it('reads what it holds, and has nothing under names of the language', () => {
    const zip = openZip(buildZip({ a: 'hello', 'b/c': 'world' }), LIMITS);
    expect(zip.names).toEqual(['a', 'b/c']);
    expect(Buffer.from(zip.read('b/c')!).toString()).toBe('world');
    expect(zip.read('__proto__')).toBeUndefined();
    expect(zip.read('constructor')).toBeUndefined();
  });

  it('never opens an archive inside an archive', () => {
    const inner = buildZip({ deep: 'x' });
    const zip = openZip(buildZip({ 'inner.zip': inner }), LIMITS);
    expect(Buffer.from(zip.read('inner.zip')!).equals(Buffer.from(inner))).toBe(true);
  });
});
