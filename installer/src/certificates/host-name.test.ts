import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalHostName } from './host-name.ts';
import { ipBytes } from './ip-bytes.ts';

describe('a host name', () => {
  it('is refused when RFC 1123 has no such name', () => {
    const wrong = [
      '',
      '.',
      'a..b',
      '-a.example',
      'a-.example',
      'a_b.example',
      'a b',
      '10.0.0.300',
      '1.2.3',
      'http://a.example',
      'a.example:443',
      'a/b',
      '*.example',
      'x'.repeat(64),
      `${'abcdefg.'.repeat(32)}example`,
    ];
    for (const name of wrong) expect([name, normalHostName(name)]).toEqual([name, null]);
  });

  it('becomes lower case and ASCII, without a final dot', () => {
    expect(normalHostName('KI.Example.COM.')).toBe('ki.example.com');
    expect(normalHostName('münchen.example')).toBe('xn--mnchen-3ya.example');
    expect(normalHostName('10.0.0.5')).toBe('10.0.0.5');
    expect(normalHostName('host')).toBe('host');
  });
});

describe('the bytes of an address', () => {
  it('refuses what is none', () => {
    expect(() => ipBytes('example')).toThrow('not an IP address');
  });

  it('are those of the groups, however they are spelt', () => {
    expect(ipBytes('192.0.2.255').toString('hex')).toBe('c00002ff');
    expect(ipBytes('::').toString('hex')).toBe('0'.repeat(32));
    expect(ipBytes('::ffff:192.0.2.1').toString('hex')).toBe('00000000000000000000ffffc0000201');
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const hex = Buffer.from(bytes).toString('hex');
        expect(ipBytes((hex.match(/.{4}/g) ?? []).join(':')).toString('hex')).toBe(hex);
      }),
    );
  });
});
