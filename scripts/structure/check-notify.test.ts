import { describe, expect, it } from '@jest/globals';
import { checkNotify } from './check-notify.ts';

const find = (path: string, text: string): number => checkNotify([{ path, text }]).length;

describe('checkNotify', () => {
  it('ISO-09: refuses a notification past the function', () => {
    expect(find('server/src/x/repo.ts', "tx.query(`select pg_notify('x', 'y')`)")).toBe(1);
    expect(find('server/src/x/repo.ts', "tx.execute('notify x')")).toBe(1);
  });

  it('ISO-09: refuses a channel of the database that has no name in quotes', () => {
    expect(find('server/migrations/control/1.sql', 'perform pg_notify(name, $1);')).toBe(1);
    expect(find('server/migrations/control/1.sql', 'begin\n  notify casemate_x;\nend')).toBe(1);
  });

  it('takes the function itself, and a channel with a name', () => {
    expect(find('server/src/platform/db/notify.ts', 'select pg_notify($1, $2)')).toBe(0);
    expect(find('server/migrations/control/1.sql', "perform pg_notify('casemate_x', $1);")).toBe(0);
  });
});
