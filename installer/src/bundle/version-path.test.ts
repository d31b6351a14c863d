import { describe, expect, it } from '@jest/globals';
import { compareReleases, refuseWrongPath } from './version-path.ts';

const bundle = (version: string, stops: string[] = [], from = '0.1.0') => ({
  version,
  released: '2026-06-01T00:00:00.000Z',
  upgrade: { from, stops },
});
const tried = (to: ReturnType<typeof bundle>, version: string, released: string | null = null) => {
  try {
    refuseWrongPath(to, { version, released });
    return 'taken';
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as { next: string }).next}`;
  }
};

describe('the path of an upgrade', () => {
  it('DEP-05: refuses a downgrade, by version and by the time of the build', () => {
    expect(tried(bundle('1.2.0'), '1.10.0')).toMatch(/^path: Go back with `casemate rollback`/);
    expect(tried(bundle('1.2.0-rc.1'), '1.2.0')).toMatch(/^path/);
    expect(tried(bundle('1.2.0'), '1.2.0', '2026-06-02T00:00:00.000Z')).toMatch(/^path/);
  });

  it('DEP-05: refuses to leap over a stop, and names the next', () => {
    expect(tried(bundle('4.0.0', ['2.0.0', '3.0.0']), '1.0.0')).toBe(
      'path: Upgrade to 2.0.0 first, then to 4.0.0.',
    );
    expect(tried(bundle('4.0.0', [], '3.0.0'), '2.9.9')).toMatch(/Upgrade to 3.0.0 first/);
  });

  it('takes the way from stop to stop, and a later build of the same version', () => {
    expect(tried(bundle('4.0.0', ['2.0.0', '3.0.0']), '3.0.0')).toBe('taken');
    expect(tried(bundle('2.0.0', ['2.0.0']), '1.0.0')).toBe('taken');
    expect(tried(bundle('1.2.0'), '1.2.0', '2026-05-31T00:00:00.000Z')).toBe('taken');
  });

  it('orders versions by their numbers, and a suffix before none', () => {
    const sorted = ['1.2.0', '1.10.0', '1.2.0-rc.2', '1.2.0-rc.10'].sort(compareReleases);
    expect(sorted).toEqual(['1.2.0-rc.2', '1.2.0-rc.10', '1.2.0', '1.10.0']);
  });
});
