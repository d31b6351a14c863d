import { describe, expect, it } from '@jest/globals';
import { factorSettings } from '../../../server/src/platform/config/factor-settings.ts';
import { identitySettings } from '../../../server/src/platform/config/identity-settings.ts';
import { limitSettings } from '../../../server/src/platform/config/limit-settings.ts';
import { resilienceSettings } from '../../../server/src/platform/config/resilience-settings.ts';
import { LIMIT_SETTINGS, parseLimits } from './limit-settings.ts';

describe('the limits of an installation', () => {
  it('RAT-01: can all be set, and nothing else', () => {
    const known = [limitSettings, factorSettings, identitySettings, resilienceSettings].flatMap(
      (settings) => Object.keys(settings),
    );
    expect([...LIMIT_SETTINGS].sort()).toEqual(known.sort());
    for (const text of [
      'CASEMATE_MODE=test',
      'PATH=/tmp',
      'ANONYMOUS_PER_MINUTE',
      'ANONYMOUS_PER_MINUTE=',
    ])
      expect(() => parseLimits(text)).toThrow('--limits does not know');
  });

  it('RAT-01: are read with their values as they are', () => {
    expect(
      parseLimits('ANONYMOUS_PER_MINUTE=120; CASEMATE_ROUTE_LIMITS=POST /api/a=30, GET /api/b=5;'),
    ).toEqual({
      CASEMATE_ANONYMOUS_PER_MINUTE: '120',
      CASEMATE_ROUTE_LIMITS: 'POST /api/a=30, GET /api/b=5',
    });
    expect(parseLimits('')).toEqual({});
  });
});
