import { describe, expect, it } from '@jest/globals';
import { endOfCertificates } from './end-of-certificates.ts';

describe('until when certificates count', () => {
  const now = new Date('2026-11-23T00:00:00Z');
  const one = (until: string) => ({ from: '2020-01-01T00:00:00.000Z', until });

  it('warns a month before the last one ends, and says when none counts', () => {
    expect(endOfCertificates([], now).state).toBe('none');
    expect(endOfCertificates([one('2026-11-22T00:00:00.000Z')], now).state).toBe('ended');
    expect(endOfCertificates([one('2026-12-22T00:00:00.000Z')], now).state).toBe('soon');
    expect(endOfCertificates([one('2026-12-24T00:00:00.000Z')], now).state).toBe('good');
  });

  it('asks for the latest end, since any of them counts', () => {
    const both = [one('2026-12-01T00:00:00.000Z'), one('2028-01-01T00:00:00.000Z')];
    expect(endOfCertificates(both, now)).toEqual({
      state: 'good',
      until: '2028-01-01T00:00:00.000Z',
    });
  });
});
