import { describe, expect, it } from '@jest/globals';
import { addressOf } from './address-of.ts';

describe('addressOf', () => {
  it.each([
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:80', '192.0.2.7'],
    ['[2001:db8::7]:443', '2001:db8::7'],
    ['2001:db8::7', '2001:db8::7'],
    ['nonsense', null],
    ['', null],
    [undefined, null],
  ])('reads %s as %s', (ip, address) => {
    expect(addressOf({ ip })).toBe(address);
  });

  it('takes the peer where a proxy passed on something that is no address', () => {
    expect(addressOf({ ip: '%', socket: { remoteAddress: '10.0.0.5' } })).toBe('10.0.0.5');
  });
});
