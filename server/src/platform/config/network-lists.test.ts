import { describe, expect, it } from '@jest/globals';
import { networkList, originList } from './network-lists.ts';

describe('HDR-03: the list of origins', () => {
  it.each([
    '*',
    'null',
    'https://*.example.com',
    'http://portal.example.com',
    'https://portal.example.com/',
    'https://portal.example.com/path',
    'https://portal.example.com:443',
    'https://Portal.example.com',
    'https://user@portal.example.com',
    'portal.example.com',
    'https://a.example,',
    'javascript:alert(1)',
    'https://a.example, *',
  ])('refuses %s', (text) => {
    expect(originList.safeParse(text).success).toBe(false);
  });

  it('takes exact origins', () => {
    expect(originList.parse('https://a.example, https://b.example:8443')).toEqual([
      'https://a.example',
      'https://b.example:8443',
    ]);
  });
});

describe('the list of trusted proxies', () => {
  it.each([
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '10.0.0/8',
    'proxy.example',
    '*',
    'fe80::1%eth0',
    '10.0.0.1/8/8',
    '',
  ])('refuses "%s"', (text) => {
    expect(networkList.safeParse(text).success).toBe(false);
  });

  it('takes addresses and networks of both families', () => {
    expect(networkList.parse('10.0.0.5,10.1.0.0/24, 2001:db8::/32')).toEqual([
      '10.0.0.5',
      '10.1.0.0/24',
      '2001:db8::/32',
    ]);
  });
});
