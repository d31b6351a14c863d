import { describe, expect, it } from '@jest/globals';
import { clientRules, databaseConf, identMap } from './server-conf.ts';

const conf = {
  socketDir: "/run/it's",
  port: 5432,
  socketGroup: 'casemate',
  hostMemoryMiB: 24_576,
  maxConnections: 100,
};

describe('databaseConf', () => {
  it('NET-02: listens on no address', () => {
    expect(databaseConf(conf)).toContain("listen_addresses = ''");
  });

  it('keeps durability on an installed host', () => {
    expect(databaseConf(conf)).not.toContain('fsync');
    expect(databaseConf(conf)).not.toContain('synchronous_commit');
  });

  it('quotes a directory that holds a quote', () => {
    expect(databaseConf(conf)).toContain("unix_socket_directories = '/run/it''s'");
  });
});

describe('clientRules', () => {
  it('refuses all that is not named, and trusts nobody', () => {
    const rules = { superuserAccounts: ['casemate-db'], databases: 'casemate' };
    const text = clientRules(rules);
    expect(text.trim().split('\n').at(-1)).toBe('local all all reject');
    expect(text).not.toMatch(/trust|host /);
    expect(identMap(rules)).toBe('superuser "casemate-db" postgres\n');
  });
});
