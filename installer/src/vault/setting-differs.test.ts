import { describe, expect, it } from '@jest/globals';
import { settingDiffers } from './setting-differs.ts';

describe('settingDiffers', () => {
  it('sees another value, and one that is missing', () => {
    expect(settingDiffers({ token_ttl: 60 }, { token_ttl: '2m' })).toBe(true);
    expect(settingDiffers({}, { disable_upsert: true })).toBe(true);
    expect(settingDiffers({ token_policies: ['a', 'b'] }, { token_policies: ['a'] })).toBe(true);
  });

  it('takes a duration for its seconds, and leaves other fields alone', () => {
    const found = { token_ttl: 120, token_policies: ['a'], policy: 'x', token_type: 'default' };
    const wanted = { token_ttl: '2m', token_policies: ['a'], policy: 'x\n' };
    expect(settingDiffers(found, wanted)).toBe(false);
  });
});
