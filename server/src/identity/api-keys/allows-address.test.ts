import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allowsAddress, plainNetwork } from './allows-address.ts';

describe('the networks of an API key', () => {
  it.each([
    '',
    'localhost',
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.1/',
    '::1/129',
    '10.0.0.1/-1',
    '10.0.0.0/8/8',
    '10.0.0.1, 10.0.0.2',
    '::ffff:10.0.0.1%eth0',
  ])('RBA-04: refuses %j', (text) => {
    expect(plainNetwork(text)).toBeNull();
  });

  it.each([
    ['10.1.2.3', '10.1.2.3/32'],
    [' 10.1.0.0/16 ', '10.1.0.0/16'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['::1', '::1/128'],
  ])('takes %j as %s', (text, network) => {
    expect(plainNetwork(text)).toBe(network);
  });

  it('RBA-04: opens for an address inside alone, and for none that is unknown', () => {
    const networks = ['10.1.0.0/16', '2001:db8::/32'];
    expect(allowsAddress(networks, '10.2.0.1')).toBe(false);
    expect(allowsAddress(networks, '2001:db9::1')).toBe(false);
    expect(allowsAddress(networks, null)).toBe(false);
    expect(allowsAddress(networks, '10.1.255.1')).toBe(true);
    expect(allowsAddress(networks, '2001:db8:5::1')).toBe(true);
    expect(allowsAddress([], null)).toBe(true);
  });

  it('RBA-04: agrees with the arithmetic of prefixes', () => {
    const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const dotted = (value: number): string =>
      [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
    fc.assert(
      fc.property(word, word, fc.integer({ min: 1, max: 32 }), (base, address, bits) => {
        const same = base >>> (32 - bits) === address >>> (32 - bits);
        const network = plainNetwork(`${dotted(base)}/${bits}`);
        expect(network && allowsAddress([network], dotted(address))).toBe(same);
      }),
    );
  });
});
