import { describe, expect, it } from '@jest/globals';
import { commandPage } from './command-page.ts';

const run = () => Promise.resolve('ok' as const);

describe('commandPage', () => {
  it('leaves out what people are not meant to call, and no other command', () => {
    const page = commandPage({
      commands: [
        { name: 'status', summary: 'show what runs', flags: {}, run },
        { name: 'inner', summary: 'for systemd', flags: {}, internal: true, run },
      ],
      common: { mode: { type: 'string', value: 'a|b', short: 'm', help: 'one of two' } },
      exitCodes: { ok: 0 },
    });
    expect(page).toContain('## casemate status');
    expect(page).not.toContain('inner');
    expect(page).toContain('| `-m, --mode a\\|b` | one of two |');
    expect(page).toContain('| 0 | `ok` |');
  });
});
