import { describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { AppError, type Config } from '../platform/index.ts';
import { readRefreshCookie } from './refresh-cookie.ts';

const installed = {
  CASEMATE_MODE: 'production',
  CASEMATE_HOST_NAME: 'Casemate.example.com',
  CASEMATE_HTTPS_PORT: 8443,
} as Config;

function outcome(config: Config, headers: Record<string, string>): string {
  const cookie = '__Secure-casemate-refresh=token';
  const request = { headers: { cookie, host: 'evil.example', ...headers } } as unknown as Request;
  try {
    return readRefreshCookie(request, config);
  } catch (error) {
    return error instanceof AppError ? error.code : 'a fault';
  }
}

describe('the refresh cookie', () => {
  it.each([
    ['no origin', {}],
    ['another site that named itself as the host', { origin: 'https://evil.example' }],
    ['another port of this host', { origin: 'https://casemate.example.com' }],
    ['this host without TLS', { origin: 'http://casemate.example.com:8443' }],
    ['a local program, in production', { origin: 'https://localhost:8443' }],
  ])('SES-04: is refused from %s', (_what, headers: Record<string, string>) => {
    expect(outcome(installed, headers)).toBe('forbidden');
  });

  it('is taken from the dashboard under its configured name', () => {
    expect(outcome(installed, { origin: 'https://casemate.example.com:8443' })).toBe('token');
  });

  it('is taken at the public port too, which a forwarding host shows', () => {
    const forwarded = { ...installed, CASEMATE_PUBLIC_PORT: 443 };
    expect(outcome(forwarded, { origin: 'https://casemate.example.com' })).toBe('token');
    expect(outcome(forwarded, { origin: 'https://casemate.example.com:8443' })).toBe('token');
  });

  it('is taken from any port of this host in tests', () => {
    const testing = { ...installed, CASEMATE_MODE: 'test' as const };
    expect(outcome(testing, { origin: 'https://localhost:41234' })).toBe('token');
    expect(outcome(testing, { origin: 'https://localhost.evil.example' })).toBe('forbidden');
  });
});
