import { describe, expect, it } from '@jest/globals';
import { entriesAsCsv, type Entry } from './entry.ts';

const entry: Entry = {
  kind: 'person',
  name: 'Ada',
  email: 'ada@example.invalid',
  state: 'active',
  role: 'member',
  level: 50,
  customRoles: ['Librarian', 'Reader'],
  groups: [],
  permissions: ['documents.read'],
  secondFactor: false,
  source: 'local',
  lastSeen: null,
  expiresAt: null,
};

describe('a review of access as CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '|calc', '%0', '\r=1'])(
    'makes no formula of %j',
    (name) => {
      expect(entriesAsCsv([{ ...entry, name }])).toContain(`"'${name}"`);
    },
  );

  it('keeps quotes, commas and lines inside their field', () => {
    const [, line = ''] = entriesAsCsv([{ ...entry, name: 'A "B", C\nD' }]).split('\r\n');
    expect(line).toContain('"A ""B"", C\nD"');
    expect(line).toContain('"Librarian; Reader"');
  });
});
