import { describe, expect, it } from '@jest/globals';
import { layoutFor } from './layout.ts';

const home = { HOME: '/home/ada' };

describe('layoutFor', () => {
  it('never puts the seal key into the data directory, unless somebody insists', () => {
    for (const asRoot of [true, false]) {
      const { sealDir, root } = layoutFor({ asRoot, env: home, dataDir: '/srv/casemate' });
      expect(root).toBe('/srv/casemate');
      expect(sealDir.startsWith('/srv/casemate')).toBe(false);
    }
  });

  it('keeps the run directory short enough for the path of a Unix socket', () => {
    const dataDir = `/srv/${'long/'.repeat(30)}casemate`;
    const { runDir } = layoutFor({ asRoot: false, env: home, dataDir });
    expect(`${runDir}/postgresql/.s.PGSQL.65535.lock`.length).toBeLessThanOrEqual(107);
    expect(runDir).toBe(layoutFor({ asRoot: false, env: home, dataDir }).runDir);
  });

  it('gives instances of one host directories of their own', () => {
    const one = layoutFor({ asRoot: true, env: {} });
    const other = layoutFor({ asRoot: true, env: {}, instance: 'two' });
    for (const key of ['configDir', 'dataDir', 'logDir', 'runDir', 'sealDir'] as const) {
      expect(one[key]).not.toBe(other[key]);
    }
    expect(one.dataDir).toBe('/var/lib/casemate/default');
  });

  it('keeps an ordinary user at home, as the XDG directories say', () => {
    const layout = layoutFor({ asRoot: false, env: { ...home, XDG_DATA_HOME: '/home/ada/data' } });
    expect(layout.dataDir).toBe('/home/ada/data/casemate/default');
    expect(layout.configDir).toBe('/home/ada/.config/casemate/default');
  });
});
