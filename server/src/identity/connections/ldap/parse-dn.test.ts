import { describe, expect, it } from '@jest/globals';
import { isBelow, parseDn } from './parse-dn.ts';

describe('distinguished names', () => {
  it.each([
    '',
    ' ',
    'cn',
    '=x',
    'cn=a,',
    ',cn=a',
    'cn=a\\',
    'cn=a\\x',
    'cn="a,ou=b"',
    'cn=a;ou=b',
    'cn=a\0',
    'cn=a\\00b',
    'cn=\\ff',
    '1x=a',
    'c n=a',
    `cn=${'a'.repeat(1_000)}`,
  ])('AUT-06: %j is none', (dn) => {
    expect(parseDn(dn)).toBeNull();
  });

  it('takes them apart as RFC 4514 says', () => {
    expect(parseDn('CN=Sales\\, West+uid=x, OU=a\\20 ,dc=example')).toEqual([
      { type: 'cn', value: 'cn=sales, west+uid=x' },
      { type: 'ou', value: 'a ' },
      { type: 'dc', value: 'example' },
    ]);
    expect(parseDn('cn=J\\c3\\bcrgen \\\\ \\#1')).toEqual([{ type: 'cn', value: 'Jürgen \\ #1' }]);
  });

  it('AUT-06: is below another by whole steps alone', () => {
    const base = 'ou=groups,dc=house,dc=example';
    expect(isBelow('CN=a, OU=Groups,DC=House,DC=example', base)).toBe(true);
    expect(isBelow(base, base)).toBe(true);
    for (const other of [
      'cn=a,ou=people,dc=house,dc=example',
      'dc=house,dc=example',
      'cn=a\\,ou=groups\\,dc=house\\,dc=example',
      'cn=x,ou=evil+ou=groups,dc=house,dc=example',
      'cn=a,ou=groups,dc=house,dc=example,dc=evil',
      'no name',
    ])
      expect(isBelow(other, base)).toBe(false);
  });
});
