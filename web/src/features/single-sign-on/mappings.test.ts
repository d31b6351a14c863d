import { describe, expect, it } from '@jest/globals';
import { faultyLine, readMappings, writeMappings } from './mappings.ts';

describe('groups and their roles as text', () => {
  it('says which line is none', () => {
    for (const text of ['staff', 'staff = boss', '= member', 'staff = member = x = '])
      expect(faultyLine(text, null)).toContain(text.trim());
    expect(faultyLine('staff', 'tenant')).toContain('“staff”');
    expect(faultyLine('\n staff = member \n\n', 'tenant')).toBeNull();
  });

  it('reads what it writes, with names of LDAP too', () => {
    const own = [
      { group: 'CN=leads,OU=all', role: 'admin', tenantId: 'tenant' },
      { group: 'staff', role: 'member', tenantId: 'tenant' },
    ] as const;
    expect(readMappings(writeMappings(own, 'tenant'), 'tenant')).toEqual(own);
    expect(readMappings(writeMappings(own, null), null)).toEqual(own);
  });
});
