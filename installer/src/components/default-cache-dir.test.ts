import { describe, expect, it } from '@jest/globals';
import { defaultCacheDir } from './default-cache-dir.ts';

describe('defaultCacheDir', () => {
  it('prefers what names it more exactly', () => {
    const env = { HOME: '/home/u', XDG_CACHE_HOME: '/xdg', CASEMATE_CACHE: '/own' };
    expect(defaultCacheDir(env)).toBe('/own');
    expect(defaultCacheDir({ ...env, CASEMATE_CACHE: '' })).toBe('/xdg/casemate');
    expect(defaultCacheDir({ HOME: '/home/u' })).toBe('/home/u/.cache/casemate');
  });
});
